#pragma once
// The statements that write the history: a row for each state that is superseded, made of what is in the tables before
// the new one is merged, and what the new state changed. Pure.
//
// Hazards: orders and their history may have been restored from copies of different age, or by halves. Numbers go on
// from the last that the history has, whatever the order says, so that the next change corrects it. And the history may
// still hold present states, which older versions wrote (valid_to IS NULL): those become the rows of superseded ones.

#include "store/orders/statements.hpp"

#include <string>
#include <string_view>

namespace ordersync::store::orders {

// A condition on an order's id: one of $1, an array. The planner knows how many those are; of a temporary table it does
// not, and would rather read the mirror's tables whole.
constexpr std::string_view given_ids = "= ANY ($1::bigint[])";

// A temporary table for the states that are superseded, and what the next state changes.
std::string create_former_staging();
// Of the orders $1: where the history has the present state's number already, its own goes on from there.
std::string follow_history();
// Of orders ($1, ids; $2, account) that have a history and no row: gives them an empty one that differs from every
// state and has the history's last number. The ids.
std::string return_from_history();
// One row for each staged order that changed or had vanished; $1: the ids of all staged orders. Of personal data that
// differs it has no values. Apart from the next statement, because Citus refuses to insert what comes out of such a
// join.
std::string stage_former_states(const order_shapes& shapes);
// One row for each of the orders $1 that vanish at $2.
std::string stage_vanishing_states(const order_shapes& shapes);
// A row in the history for each of those. A present state that an older version wrote just ends.
std::string write_former_states();

}  // namespace ordersync::store::orders
