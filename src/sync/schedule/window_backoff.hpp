#pragma once
// Windows that could not be read and are left alone for a while, each for twice as long as the time before. Pure; one
// thread.

#include "core/time.hpp"
#include "sync/interval_set.hpp"
#include "sync/schedule/hold.hpp"

#include <chrono>
#include <vector>

namespace ordersync::sync::schedule {

class window_backoff {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // `tried` was read, but for `failed`, which is within it.
  void hold(const core::window& tried, const std::vector<core::window>& failed, time_point now);
  // Nothing of `w` is held any more.
  void clear(const core::window& w);
  // Takes out of `from` what is held.
  void take_from(interval_set& from, time_point now) const;
  // When the next one is held no more; the end of time when none is held.
  time_point next_release(time_point now) const;

 private:
  struct held {
    core::window window;
    sync::schedule::hold how;
  };

  std::vector<held> cut_out(const core::window& w);

  std::vector<held> held_;  // disjoint, in no order; those whose time is over are kept, to double
};

}  // namespace ordersync::sync::schedule
