#include "sync/schedule/revisit.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::sync::schedule {

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

// Differences in age that a tier does not see, as a part of its period: see last_read_map::coalesce.
constexpr int grains = 128;

// The clock that stamps a reading is rounded to seconds on its way here.
constexpr seconds stamp_tolerance{2};

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

seconds slot_length_of(const tier& rule, seconds from_age) {
  const auto slots = windows_of(rule);
  const auto ages = std::max(rule.younger_than - from_age, seconds{1});
  return seconds{(ages.count() + slots - 1) / slots};
}

steady_clock::duration share_of(seconds whole, double share) {
  return std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(whole) * share);
}

}  // namespace

std::int64_t windows_of(const tier& rule) {
  return std::clamp<std::int64_t>(rule.every / shortest_pace, 1, most_slots);
}

revisit::revisit(tier rule, seconds from_age, std::size_t index)
    : rule_(rule), from_age_(from_age), index_(index), slot_length_(slot_length_of(rule, from_age)) {}

core::window revisit::region(core::second now) const {
  return {now - rule_.younger_than, now - from_age_};
}

core::window revisit::place_of(std::int64_t key) const {
  const core::second begin{key * slot_length_};
  return {begin, begin + slot_length_};
}

// The slots in which something is proven and that are not held. Of those equally stale the newest comes first.
std::vector<revisit::slot> revisit::stalest_first(const moment& now, const interval_set& proven,
                                                  const last_read_map& read) const {
  std::vector<slot> found;
  interval_set readable(proven.within(region(now.server)));
  backoff_.take_from(readable, now.steady);
  for (const auto& part : readable.windows()) {
    for (auto from = part.begin; from < part.end;) {
      const auto key = floor_div(from.time_since_epoch().count(), slot_length_.count());
      const auto to = std::min(part.end, place_of(key).end);
      const auto oldest = read.oldest({from, to});
      if (found.empty() || found.back().key != key) found.push_back({key, oldest});
      found.back().oldest = std::min(found.back().oldest, oldest);  // none, never read, is less than any time
      from = to;
    }
  }
  std::sort(found.begin(), found.end(),
            [](const slot& a, const slot& b) { return a.oldest != b.oldest ? a.oldest < b.oldest : a.key > b.key; });
  return found;
}

std::optional<task> revisit::next(const moment& now, std::uint64_t id, const interval_set& proven,
                                  last_read_map& read) {
  if (running_ || now.steady < due_) return std::nullopt;
  const auto covered = region(now.server);
  read.coalesce(covered, rule_.every / grains);
  const auto due = stalest_first(now, proven, read);
  if (due.empty()) {
    due_ = now.steady + shortest_pace;
    return std::nullopt;
  }
  due_ = now.steady + pause_after_first(due, now.reading);
  const auto place = place_of(due.front().key);
  auto ranges = proven.within({std::max(place.begin, covered.begin), std::min(place.end, covered.end)});
  running_ = running_task{id, now.reading, ranges};
  return task{id, sweep_kind::revisit, flow::urgency::revisit, std::move(ranges), std::nullopt, index_};
}

// Even, or as short as it takes for the others, one after the other, to be read in time.
steady_clock::duration revisit::pause_after_first(const std::vector<slot>& due, core::second now) const {
  const auto count = static_cast<std::int64_t>(due.size());
  steady_clock::duration pause = share_of(rule_.every, even_share) / count;
  for (std::int64_t i = 1; i < count; ++i) {
    const auto oldest = due[static_cast<std::size_t>(i)].oldest;
    if (!oldest) return {};
    const auto time_left = share_of(rule_.every, latest_share) - (now - *oldest);
    pause = std::min(pause, std::max(time_left, steady_clock::duration{}) / i);
  }
  return pause;
}

bool revisit::ended(std::uint64_t task, task_end how, const last_read_map& read, const moment& now) {
  if (!running_ || running_->id != task) return false;
  const auto done = std::move(*running_);
  running_.reset();
  if (how == task_end::dropped) {
    due_ = std::max(due_, now.steady + rest_after_drop);
    return true;
  }
  hold_unread(done, read, now);
  return true;
}

// What still has no reading of this task, whatever it says of itself, as far as this tier still covers it: else it
// would be the stalest again, and nothing else ever read.
void revisit::hold_unread(const running_task& done, const last_read_map& read, const moment& now) {
  const auto covered = region(now.server);
  for (const auto& w : done.ranges) {
    const core::window still{std::max(w.begin, covered.begin), std::min(w.end, covered.end)};
    if (!still.empty()) backoff_.hold(still, read.older_than(still, done.began - stamp_tolerance), now.steady);
  }
  backoff_.clear({core::second::min(), covered.begin});
}

steady_clock::time_point revisit::wake() const noexcept {
  return running_ ? steady_clock::time_point::max() : due_;
}

tier_state revisit::state(const moment& now, const interval_set& proven, const last_read_map& read) const {
  const auto parts = proven.within(region(now.server));
  if (parts.empty()) return {rule_, std::nullopt, false};
  auto oldest = read.oldest(parts.front());
  for (const auto& w : parts) oldest = std::min(oldest, read.oldest(w));  // none is less than any time
  const bool behind = !oldest || (now.reading - *oldest) * 2 > rule_.every * 3;
  return {rule_, oldest, behind};
}

}  // namespace ordersync::sync::schedule
