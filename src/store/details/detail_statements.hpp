#pragma once
// The statements that read and write a detail's tables, built from their shapes. Pure. Rows go in as JSON, see
// detail_rows.hpp; both states that are compared come out of the same expressions.

#include "store/orders/statements.hpp"

#include <string>

namespace ordersync::store::details {

// Of order $1: its state and what is personal in it, as JSON, for differences(); the rows of its refunds as rows_of()
// takes them; the last version in its history, 0 for none; the API's zone in minutes.
std::string read_held_state();
// The same two, of rows that are to be written: $1, an object with a list a table and `detail`.
std::string shape_new_state();

// $1: the row; $2: account; $3: time of the observation; $4: version; $5: changed, or NULL; $6: content hash.
std::string write_detail_row();
// Puts the present state $2, which ends at $3 and has the number $4, into the history of order $1.
std::string write_former_detail();
// Of order $1.
std::string delete_rows(const orders::table_shape& table);
// $1: a list of rows.
std::string insert_rows(const orders::table_shape& table);

}  // namespace ordersync::store::details
