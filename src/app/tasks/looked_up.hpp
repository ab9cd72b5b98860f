#pragma once
// An order that was read by its number, not with its window, as what the store commits. Pure.

#include "core/order.hpp"
#include "sync/ports.hpp"

#include <string>

namespace ordersync::app::tasks {

// Proves nothing; its window is the second of the order's creation. `reason`: why it was read, for the sweeps table.
sync::window_batch looked_up(std::string account, core::order order, std::string reason);

// When the order was created, by whichever of its two times there is; the epoch when there is none.
core::instant created_at_of(const core::order& order) noexcept;

}  // namespace ordersync::app::tasks
