#pragma once
// Comparing a window's count at the API with the mirror's: where to cut, and whether a count is a difference. Pure.

#include "core/time.hpp"

#include <cstdint>
#include <vector>

namespace ordersync::sync::evidence {

// Around each end of a window the API may show orders that are not in it, or not show some that are: by its own filter
// (see order_source), and because nobody outside knows by which of an order's two creation times it filters.
inline constexpr std::chrono::seconds doubtful_edge{2};

// From the first to the last creation time of an order.
struct creation {
  core::instant first;
  core::instant last;
};

// The second in [near, limit] that is nearest to `near` and has no order's creation within doubtful_edge; `near` itself
// when there is none. A window that begins and ends at such seconds has the same orders by every reading of the filter.
core::second quiet_second(const std::vector<creation>& orders, core::second near, core::second limit);

// The same to the other side: in [limit, near].
core::second quiet_second_before(const std::vector<creation>& orders, core::second near, core::second limit);

// Where to cut a window in two, about the middle; both parts hold a second at least.
core::second middle_of(const core::window& w);

}  // namespace ordersync::sync::evidence
