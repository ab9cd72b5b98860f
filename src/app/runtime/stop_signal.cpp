#include "app/runtime/stop_signal.hpp"

#include <algorithm>
#include <ranges>

namespace ordersync::app::runtime {

void stop_signal::request() {
  requested_ = true;
  for (auto& one : parts_) one.stopped = false;
  // A part that is stopped may end at once, and others with it.
  const auto left = [this] { return std::ranges::find(parts_ | std::views::reverse, false, &part::stopped); };
  for (auto next = left(); next != parts_.rend(); next = left()) {
    next->stopped = true;
    const auto stop = next->stop;
    stop();
  }
  last_();
}

}  // namespace ordersync::app::runtime
