#pragma once
// An order that is read by its number, not with its window: in which range it is looked up, and what the store commits.
// Pure.

#include "core/order.hpp"
#include "core/time.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/ports.hpp"

#include <string>

namespace ordersync::app::tasks {

// Proves nothing; its window is the second of the order's creation. `reason`: why it was read, for the sweeps table.
sync::window_batch looked_up(std::string account, core::order order, std::string reason);

// The range in which a known order is looked up: around its creation, shortened where the limits ask for it.
core::window look_up_range(core::instant created, core::second now, const sync::evidence::known_limits& limits);

// When the order was created, by whichever of its two times there is; the epoch when there is none.
core::instant created_at_of(const core::order& order) noexcept;

}  // namespace ordersync::app::tasks
