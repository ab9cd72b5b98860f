#include "sync/schedule/catch_up.hpp"

#include <algorithm>

namespace ordersync::sync::schedule {

namespace {

// A chunk is as long as it is old, within these. The shortest is read in a few seconds. The longest bounds what is done
// before something newer, if it comes up, has its turn; longer ones would save no calls.
constexpr std::chrono::seconds shortest_chunk = std::chrono::hours{1};
constexpr std::chrono::seconds longest_chunk = std::chrono::days{30};

core::window newest_chunk(const core::window& gap, core::second now) {
  const auto length = std::clamp(now - gap.end, shortest_chunk, longest_chunk);
  return {std::max(gap.begin, gap.end - length), gap.end};
}

}  // namespace

std::optional<task> catch_up::next(const moment& now, std::uint64_t id, const core::window& region,
                                   const interval_set& proven, const std::vector<core::window>& left_out) {
  if (running_ || now.steady < rests_until_ || region.empty()) return std::nullopt;
  interval_set gaps(proven.missing(region));
  for (const auto& w : left_out) gaps.remove(w);
  backoff_.take_from(gaps, now.steady);
  if (gaps.empty()) return std::nullopt;
  const auto chunk = newest_chunk(gaps.windows().back(), now.server);
  running_ = running_task{id, chunk};
  return task{id, sweep_kind::live, how_, {chunk}, std::nullopt, std::nullopt};
}

bool catch_up::ended(std::uint64_t task, task_end how, const interval_set& proven,
                     std::chrono::steady_clock::time_point now) {
  if (!running_ || running_->id != task) return false;
  const auto range = running_->range;
  running_.reset();
  if (how == task_end::dropped) {
    rests_until_ = now + rest_after_drop;
    return true;
  }
  backoff_.hold(range, proven.missing(range), now);
  return true;
}

std::chrono::steady_clock::time_point catch_up::wake(std::chrono::steady_clock::time_point now) const {
  if (running_) return std::chrono::steady_clock::time_point::max();
  return rests_until_ > now ? rests_until_ : backoff_.next_release(now);
}

std::optional<core::window> catch_up::reading() const {
  return running_ ? std::optional(running_->range) : std::nullopt;
}

}  // namespace ordersync::sync::schedule
