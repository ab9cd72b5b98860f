#include "app/runtime/stop_signal.hpp"

#include <algorithm>

namespace ordersync::app::runtime {

void stop_signal::request() {
  requested_ = true;
  for (auto& one : parts_) one.stopped = false;
  // A part that is stopped may end at once, and others with it.
  const auto left = [this] {
    return std::find_if(parts_.rbegin(), parts_.rend(), [](const part& one) { return !one.stopped; });
  };
  for (auto next = left(); next != parts_.rend(); next = left()) {
    next->stopped = true;
    const auto stop = next->stop;
    stop();
  }
  last_();
}

}  // namespace ordersync::app::runtime
