#include "sync/revisit.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::sync {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// Slots a tier is cut into. More spread the work more evenly; fewer cost fewer calls, for every window costs about one
// beyond its pages. No slot is due more often than every ten seconds or so.
constexpr seconds shortest_pace{10};
constexpr std::int64_t most_slots = 256;

// Shares of the period: in which all slots are read at the even pace, and at which age a slot is to be read however
// fast. What is left between that and the whole is for the reading itself and its wait for a turn.
constexpr double even_share = 0.9;
constexpr double latest_share = 0.95;

// Differences in age that a tier does not see, as a part of its period: see reading_times::coalesce.
constexpr int grains = 128;

// The clock that stamps a reading is rounded to seconds on its way here.
constexpr seconds stamp_tolerance{2};

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

seconds slot_length_of(const tier& rule, seconds from_age) {
  const auto slots = std::clamp<std::int64_t>(rule.every / shortest_pace, 1, most_slots);
  const auto ages = std::max(rule.younger_than - from_age, seconds{1});
  return seconds{(ages.count() + slots - 1) / slots};
}

steady_clock::duration share_of(seconds whole, double share) {
  return std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(whole) * share);
}

std::optional<core::second> oldest_of(const std::vector<core::window>& ranges, const reading_times& read) {
  std::optional<core::second> oldest;
  for (const auto& w : ranges) {
    const auto at = read.oldest(w);
    if (!at) return std::nullopt;
    oldest = oldest ? std::min(*oldest, *at) : *at;
  }
  return oldest;
}

}  // namespace

revisit::revisit(tier rule, seconds from_age, std::size_t index)
    : rule_(rule), from_age_(from_age), index_(index), slot_length_(slot_length_of(rule, from_age)) {}

core::window revisit::region(core::second now) const {
  return {now - rule_.younger_than, now - from_age_};
}

// What is proven within, by slots; the newest first.
std::vector<revisit::slot> revisit::slots(const core::window& within, const window_set& proven) const {
  std::vector<slot> found;
  const auto length = slot_length_.count();
  for (const auto& part : proven.within(within)) {
    for (auto from = part.begin; from < part.end;) {
      const auto key = floor_div(from.time_since_epoch().count(), length);
      const auto to = std::min(part.end, core::second{seconds{(key + 1) * length}});
      if (found.empty() || found.back().key != key) found.push_back({key, {}, std::nullopt});
      found.back().ranges.push_back({from, to});
      from = to;
    }
  }
  std::reverse(found.begin(), found.end());
  return found;
}

void revisit::leave_out_held(std::vector<slot>& among, steady_clock::time_point now) const {
  std::erase_if(among, [&](const slot& s) {
    const auto at = held_.find(s.key);
    return at != held_.end() && at->second.until > now;
  });
}

std::optional<task> revisit::next(const moment& now, std::uint64_t id, const window_set& proven, reading_times& read) {
  if (running_ || now.steady < due_) return std::nullopt;
  const auto covered = region(now.server);
  read.coalesce(covered, rule_.every / grains);
  auto stalest_first = slots(covered, proven);
  leave_out_held(stalest_first, now.steady);
  if (stalest_first.empty()) {
    due_ = now.steady + shortest_pace;
    return std::nullopt;
  }
  for (auto& s : stalest_first) s.oldest = oldest_of(s.ranges, read);
  // What was never read is the stalest: an empty optional is less than any time.
  std::stable_sort(stalest_first.begin(), stalest_first.end(), [](auto& a, auto& b) { return a.oldest < b.oldest; });
  due_ = now.steady + pause_after_first(stalest_first, now.reading);
  auto& first = stalest_first.front();
  running_ = running_task{id, now.reading, first.key, first.ranges};
  return task{id, sweep_kind::revisit, urgency::revisit, std::move(first.ranges), std::nullopt, index_};
}

// Even, or as short as it takes for the others, one after the other, to be read in time.
steady_clock::duration revisit::pause_after_first(const std::vector<slot>& stalest_first, core::second now) const {
  const auto count = static_cast<std::int64_t>(stalest_first.size());
  steady_clock::duration pause = share_of(rule_.every, even_share) / count;
  for (std::int64_t i = 1; i < count; ++i) {
    const auto oldest = stalest_first[static_cast<std::size_t>(i)].oldest;
    if (!oldest) return {};
    const auto time_left = share_of(rule_.every, latest_share) - (now - *oldest);
    pause = std::min(pause, std::max(time_left, steady_clock::duration{}) / i);
  }
  return pause;
}

bool revisit::ended(std::uint64_t task, task_end how, const reading_times& read, const moment& now) {
  if (!running_ || running_->id != task) return false;
  const auto done = std::move(*running_);
  running_.reset();
  if (how == task_end::dropped) {
    due_ = std::max(due_, now.steady + rest_after_drop);
    return true;
  }
  const auto before = held_.find(done.key);
  if (how == task_end::proven && was_read(done, read, now)) {
    if (before != held_.end()) held_.erase(before);
  } else {
    held_[done.key] = hold_again(before == held_.end() ? std::nullopt : std::optional(before->second), now.steady);
  }
  const auto covered = region(now.server);
  std::erase_if(held_, [&](const auto& entry) {
    const core::second from{seconds{entry.first * slot_length_.count()}};
    return !core::window{from, from + slot_length_}.overlaps(covered);
  });
  return true;
}

// Whether the readings really came, as far as this tier still covers them: else the slot would be the stalest again,
// and nothing else ever read.
bool revisit::was_read(const running_task& done, const reading_times& read, const moment& now) const {
  const auto covered = region(now.server);
  for (const auto& w : done.ranges) {
    const core::window still{std::max(w.begin, covered.begin), std::min(w.end, covered.end)};
    if (still.empty()) continue;
    const auto at = read.oldest(still);
    if (!at || *at + stamp_tolerance < done.began) return false;
  }
  return true;
}

steady_clock::time_point revisit::wake() const noexcept {
  return running_ ? steady_clock::time_point::max() : due_;
}

tier_state revisit::state(const moment& now, const window_set& proven, const reading_times& read) const {
  const auto parts = proven.within(region(now.server));
  if (parts.empty()) return {rule_, std::nullopt, false};
  const auto oldest = oldest_of(parts, read);
  const bool behind = !oldest || (now.reading - *oldest) * 2 > rule_.every * 3;
  return {rule_, oldest, behind};
}

}  // namespace ordersync::sync
