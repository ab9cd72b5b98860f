// What an order's status is shown as where the API does not show it plainly.
#pragma once

#include "order.hpp"
#include "record.hpp"

#include <cstdint>

namespace pandapon_sim {

/// Whether an order of that status has been through another one before.
bool has_status_before(std::int64_t status);
/// The order, and those of its lines that stand where it does, as of one status ago. Its other fields stay.
void step_back(order& o);

}  // namespace pandapon_sim
