#pragma once
// How complete an account's mirror is at a moment. Pure.
//
// Every second from sync.start on that is not proven is a gap. The last moments before now are not counted: they are
// less than `live.overlap` old, and a daemon that is well proves them within seconds.

#include "core/time.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace ordersync::app::tasks {

struct completeness {
  core::window expected;                // what should be proven by now; empty when sync.start is in the future
  std::optional<core::second> through;  // everything from sync.start to here is proven; none: not even the start
  std::vector<core::window> gaps;       // ascending
  std::chrono::seconds behind{0};       // from `through` (or sync.start) to now

  bool complete() const noexcept { return gaps.empty(); }
};

// `grace` is settle and overlap together.
completeness completeness_of(const std::vector<core::window>& proven, core::second start, core::second now,
                             std::chrono::seconds grace);

}  // namespace ordersync::app::tasks
