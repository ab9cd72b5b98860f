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
// A temporary table for the former states of staged orders.
std::string create_former_staging();
// One row in it for each staged order that changed or had vanished, which says too what of its personal data differs,
// without values. Apart from the next statement, because Citus refuses LATERAL beside a distributed table.
std::string stage_former_states(const table_shape& receivers, const table_shape& warehouse_addresses);
// One row in the history for each of those: its state, and what differs from the former one.
std::string add_staged_states();
// The former states of the same orders end where the new ones begin.
std::string end_former_states();

}  // namespace ordersync::store::orders
