#include "sync/catch_up.hpp"

#include <algorithm>

namespace ordersync::sync {

namespace {

constexpr auto never = std::chrono::steady_clock::time_point::max();

// A chunk is as long as it is old, within these. The shortest is read in a few seconds. The longest bounds what is done
// before something newer, if it comes up, has its turn; longer ones would save no calls.
constexpr std::chrono::seconds shortest_chunk = std::chrono::hours{1};
constexpr std::chrono::seconds longest_chunk = std::chrono::days{30};

core::window newest_chunk(const core::window& gap, core::second now) {
  const auto length = std::clamp(now - gap.end, shortest_chunk, longest_chunk);
  return {std::max(gap.begin, gap.end - length), gap.end};
}

core::window common(const core::window& a, const core::window& b) {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

}  // namespace

std::optional<task> catch_up::next(const moment& now, std::uint64_t id, const core::window& region,
                                   const window_set& proven, const std::vector<core::window>& left_out) {
  if (running_ || now.steady < rests_until_ || region.empty()) return std::nullopt;
  window_set gaps(proven.missing(region));
  for (const auto& w : left_out) gaps.remove(w);
  for (const auto& h : held_)
    if (h.held.until > now.steady) gaps.remove(h.gap);
  if (gaps.empty()) return std::nullopt;
  const auto chunk = newest_chunk(gaps.windows().back(), now.server);
  running_ = running_task{id, chunk};
  return task{id, sweep_kind::live, how_, {chunk}, std::nullopt, std::nullopt};
}

// What was held within `range`, cut to it; what is outside stays held.
std::vector<catch_up::held_gap> catch_up::take_held(const core::window& range) {
  std::vector<held_gap> inside;
  std::vector<held_gap> outside;
  for (const auto& h : held_) {
    if (!h.gap.overlaps(range)) {
      outside.push_back(h);
      continue;
    }
    inside.push_back({common(h.gap, range), h.held});
    if (h.gap.begin < range.begin) outside.push_back({{h.gap.begin, range.begin}, h.held});
    if (range.end < h.gap.end) outside.push_back({{range.end, h.gap.end}, h.held});
  }
  held_ = std::move(outside);
  return inside;
}

bool catch_up::ended(std::uint64_t task, task_end how, const window_set& proven,
                     std::chrono::steady_clock::time_point now) {
  if (!running_ || running_->id != task) return false;
  const auto range = running_->range;
  running_.reset();
  if (how == task_end::dropped) {
    rests_until_ = now + rest_after_drop;
    return true;
  }
  const auto before = take_held(range);
  for (const auto& gap : proven.missing(range)) {
    std::optional<hold> longest;
    for (const auto& h : before)
      if (h.gap.overlaps(gap) && (!longest || longest->wait < h.held.wait)) longest = h.held;
    held_.push_back({gap, hold_again(longest, now)});
  }
  return true;
}

void catch_up::forgive(const core::window& w) {
  if (!w.empty()) take_held(w);
}

std::chrono::steady_clock::time_point catch_up::wake(std::chrono::steady_clock::time_point now) const {
  auto wake = never;
  if (running_) return wake;
  if (rests_until_ > now) return rests_until_;
  for (const auto& h : held_)
    if (h.held.until > now) wake = std::min(wake, h.held.until);
  return wake;
}

std::optional<core::window> catch_up::reading() const {
  return running_ ? std::optional(running_->range) : std::nullopt;
}

}  // namespace ordersync::sync
