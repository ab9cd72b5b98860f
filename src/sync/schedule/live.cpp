#include "sync/schedule/live.hpp"

#include <algorithm>

namespace ordersync::sync::schedule {

std::optional<task> live::next(const moment& now, std::uint64_t id) {
  if (running_ || now.steady < due_) return std::nullopt;
  due_ = now.steady + every_;
  const auto end = now.server - settle_;
  const core::window newest{std::max(start_, end - overlap_), end};
  if (newest.empty()) return std::nullopt;  // start is still to come
  running_ = id;
  return task{id, sweep_kind::live, flow::urgency::live, {newest}, std::nullopt, std::nullopt};
}

bool live::ended(std::uint64_t task) noexcept {
  if (running_ != task) return false;
  running_.reset();
  return true;
}

std::chrono::steady_clock::time_point live::wake() const noexcept {
  return running_ ? std::chrono::steady_clock::time_point::max() : due_;
}

}  // namespace ordersync::sync::schedule
