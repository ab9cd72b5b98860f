#pragma once
// How many orders a window may hold before it is split instead of read. Every window costs about one and a half calls
// beyond its pages, so large windows are cheap. But an API may show no more than a part of a large one and say nothing
// of it: then it is read in vain, and those that follow are to be smaller. Pure. One thread.

#include <algorithm>
#include <cstdint>

namespace ordersync::sync::sweep {

class window_limit {
 public:
  // It falls no further: what cannot be proven at this size is not too large.
  static constexpr std::int64_t lowest = 2000;

  explicit window_limit(std::int64_t most_orders) noexcept : most_(most_orders) {}

  std::int64_t orders() const noexcept { return most_; }
  // A window of so many orders could not be proven and is to be split.
  void read_in_vain(std::int64_t total) noexcept {
    if (total > lowest) most_ = std::min(most_, std::max(lowest, total / 2));
  }

 private:
  std::int64_t most_;
};

}  // namespace ordersync::sync::sweep
