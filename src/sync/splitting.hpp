#pragma once
// Where to cut a window that holds too many orders. Pure.

#include "core/time.hpp"

#include <cstdint>
#include <utility>

namespace ordersync::sync {

// A window of one second cannot be cut: the API's filter has whole seconds.
inline bool is_divisible(const core::window& w) noexcept {
  return w.length() > std::chrono::seconds{1};
}

// Two windows that make up `w`, which must be divisible. They are cut so that, if the orders were spread evenly, each
// side could be cut further into windows of about seven eighths of `max_orders`. Halving alone would leave windows
// anywhere between half full and full; every window costs about one and a half calls beyond its pages, so fuller
// windows are cheaper. The last eighth is room for orders not being spread evenly: a window that overflows costs
// another call. `total` <= `max_orders` cuts in the middle.
std::pair<core::window, core::window> split(const core::window& w, std::int64_t total, std::int64_t max_orders);

}  // namespace ordersync::sync
