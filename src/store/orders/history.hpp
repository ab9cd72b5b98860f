#pragma once
// The statements that write the history of staged orders: a row for each that differs from what is there. They run
// before the staged orders are merged. Pure.
//
// Hazard: orders and their history may have been restored from copies of different age, or by halves. Numbers go on
// from the last that the history has, whatever the order says, so that the next change corrects it.

#include "store/orders/statements.hpp"

#include <string>

namespace ordersync::store::orders {

// Of staged orders: the history's last number is the present state's, where the order's own is lower.
std::string follow_history();
// Of orders ($1, ids; $2, account) that have a history and no row: gives them one that differs from every state. The
// ids.
std::string return_from_history();
// One row for each staged order that changed or had vanished: its state, and what differs from the former one. Personal
// data is compared, and recorded without values.
std::string add_staged_states(const table_shape& receivers, const table_shape& warehouse_addresses);
// The former states of the same orders end where the new ones begin.
std::string end_former_states();

}  // namespace ordersync::store::orders
