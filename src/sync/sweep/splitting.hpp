#pragma once
// Where to cut a window that holds too many orders. Pure.

#include "core/time.hpp"

#include <cstdint>
#include <vector>

namespace ordersync::sync::sweep {

// How full the windows are to become, in shares of max_orders. Every window costs about one and a half calls beyond its
// pages, so fuller windows are cheaper. The rest is room for orders not being spread evenly: a window that overflows
// costs another call.
inline constexpr double fill = 0.875;

// Parts that a window is cut into at most. Each part costs a call when nothing is in it, and where all orders of a
// decade lie in one month, most parts are empty: eight finds a month in ten years with three rounds of calls. More
// would count less often where orders are spread evenly; there eight adds one call to every seven windows.
inline constexpr int most_parts = 8;

// A window of one second cannot be cut: the API's filter has whole seconds.
inline bool is_divisible(const core::window& w) noexcept {
  return w.length() > std::chrono::seconds{1};
}

// Two windows or more that make up `w`, which must be divisible, ascending. They are cut so that, if the orders were
// spread evenly, each part is `fill` full or could be cut further into windows that are. A window that holds no more
// than max_orders is cut in the middle. At most `most` parts, which is at least two.
std::vector<core::window> cut(const core::window& w, std::int64_t total, std::int64_t max_orders,
                              int most = most_parts);

// Even parts of `w` that are no longer than `longest`, or eight that are to be cut further. `w` is longer than that.
std::vector<core::window> cut_to(const core::window& w, std::chrono::seconds longest);

}  // namespace ordersync::sync::sweep
