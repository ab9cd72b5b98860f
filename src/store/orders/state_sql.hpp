#pragma once
// SQL expressions for the state of an order as JSON, see order_history.state, and for what differs between two of them.
// The same JSON is made of the present state's lines by the view reporting.order_versions. Pure.

#include "store/orders/statements.hpp"

#include <string>
#include <string_view>

namespace ordersync::store::orders {

// A row of a table as a jsonb object.
std::string state_object(const table_shape& table, std::string_view alias);

// A subquery: order_id and `list`, the jsonb array of an order's rows in `table`, by `order`. `ids` selects the orders,
// such as "= 17".
std::string state_list(const table_shape& table, std::string_view order, std::string_view ids);

// The members of a JSON object, as text: one for each column that differs between the two rows, with the old value and
// the new one. NULL where none does. Texts and not jsonb: of most columns nothing is to be said, and putting jsonb
// together costs more than comparing. `path` is an SQL expression for what stands before a column's name, or "''".
std::string differences(const table_shape& table, std::string_view path, std::string_view old_alias,
                        std::string_view new_alias);

// A subquery: order_id and `members`, such members for an order's rows in `table`, held against staged; of a row that
// was added or removed all columns are one member. `key` is the column that is unique among the rows of an order,
// `name` the list's name.
std::string list_differences(const table_shape& table, std::string_view name, std::string_view key,
                             std::string_view ids);

}  // namespace ordersync::store::orders
