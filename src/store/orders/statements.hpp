#pragma once
// The statements that move staged rows into the mirror's tables, built from the column lists. Pure.
//
// A table `orders` is staged in the temporary table `staged_orders`, which has the same columns and no constraints,
// lives as long as the connection, and is emptied at each commit without touching the catalogue.

#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::orders {

// How a column stands in an order's state, see order_history; no: a key that its place shows, the mirror's own,
// personal data. texts: a list of ids, which tools may round as numbers.
enum class in_state { no, plain, time, json, texts };

struct state_column {
  std::string_view name;
  in_state as;
};

// What the statements need to know of a table.
struct table_shape {
  std::string_view name;
  std::vector<std::string_view> columns;  // the first key_columns are the primary key
  int key_columns = 1;
  std::string_view compared;  // see row_table
  std::vector<state_column> state;
};

// Those that the history looks at.
struct order_shapes {
  table_shape orders, items, cargo, receivers, warehouse_addresses;
};

std::string create_staging(const table_shape& table);
std::string create_findings_staging();  // what findings.cpp puts on its way into quarantine
std::string copy_to_staging(const table_shape& table);
// Straight into the table, for rows that are known to be new: there is nothing to merge them with.
std::string copy_to_table(const table_shape& table);
// Inserts what is new and updates what differs; a row that is the same is not written.
std::string merge_staged(const table_shape& table);
// Removes the rows of the orders $1, an array of all that are staged, that are not staged themselves: they are gone
// from their order.
std::string delete_vanished(const table_shape& table);
// Removes all rows of the orders $1, an array.
std::string delete_of_orders(const table_shape& table);
// For `orders`: every staged order is written, and keeps what the mirror knew of it. What changed is in staged_former,
// see history.hpp.
std::string merge_staged_orders(const table_shape& orders);

}  // namespace ordersync::store::orders
