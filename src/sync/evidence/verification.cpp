#include "sync/evidence/verification.hpp"

#include <algorithm>

namespace ordersync::sync::evidence {

core::second quiet_second(const std::vector<creation>& orders, core::second near, core::second limit) {
  auto sorted = orders;
  std::ranges::sort(sorted, {}, &creation::first);
  auto candidate = near;
  for (const auto& order : sorted) {
    if (order.first - doubtful_edge > candidate) break;  // and so are all that follow
    if (order.last + doubtful_edge < candidate) continue;
    candidate = std::chrono::floor<std::chrono::seconds>(order.last + doubtful_edge) + std::chrono::seconds{1};
  }
  return candidate <= limit ? candidate : near;
}

core::second quiet_second_before(const std::vector<creation>& orders, core::second near, core::second limit) {
  std::vector<creation> mirrored;
  for (const auto& order : orders)
    mirrored.push_back({core::instant{-order.last.time_since_epoch()}, core::instant{-order.first.time_since_epoch()}});
  const auto found =
      quiet_second(mirrored, core::second{-near.time_since_epoch()}, core::second{-limit.time_since_epoch()});
  return core::second{-found.time_since_epoch()};
}

core::second middle_of(const core::window& w) {
  return w.begin + std::max(std::chrono::seconds{1}, w.length() / 2);
}

}  // namespace ordersync::sync::evidence
