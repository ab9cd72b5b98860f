#pragma once
// The statements that write the history of staged orders: a row for each that differs from what is there. Both run
// before the staged orders are merged. Pure.

#include "store/statements.hpp"

#include <string>

namespace ordersync::store {

// One row for each staged order that changed or had vanished: its state, and what differs from the former one. Personal
// data is compared, and told without values.
std::string add_staged_states(const table_shape& receivers, const table_shape& warehouse_addresses);
// The former states of the same orders end where the new ones begin.
std::string end_former_states();

}  // namespace ordersync::store
