#include "sync/schedule/schedule.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ordersync::sync::schedule {

namespace {

using std::chrono::steady_clock;

// What is missing of the last day is as urgent as what is new.
constexpr std::chrono::seconds young = std::chrono::days{1};
// Time makes gaps, too: whatever the parts say, look again after that long.
constexpr std::chrono::seconds longest_sleep{60};
// Readings older than all tiers are kept for that long, in case the server's clock was ahead and goes back.
constexpr std::chrono::seconds memory_margin = std::chrono::days{1};

std::vector<revisit> tiers_of(const std::vector<tier>& rules) {
  std::vector<revisit> tiers;
  std::chrono::seconds from_age{0};
  for (const auto& rule : rules) {
    tiers.emplace_back(rule, from_age, tiers.size());
    from_age = rule.younger_than;
  }
  return tiers;
}

}  // namespace

schedule::schedule(schedule_rules rules, const std::vector<core::window>& proven, last_read_map read)
    : rules_(std::move(rules)),
      proof_(proven, rules_.settle),
      read_(std::move(read)),
      live_(rules_.start, rules_.live_every, rules_.settle, rules_.overlap),
      young_(flow::urgency::live),
      old_(flow::urgency::backfill),
      tiers_(tiers_of(rules_.tiers)) {}

std::optional<task> schedule::next(const moment& now) {
  if (!std::exchange(begun_, true)) read_.forget_readings_after(now.reading + std::chrono::minutes{1});
  proof_.reassess(now);
  auto given = pick(now);
  if (given) last_task_ = given->id;
  return given;
}

std::optional<task> schedule::pick(const moment& now) {
  const auto& proven = proof_.trusted();
  const auto id = last_task_ + 1;
  const auto live_begins = now.server - rules_.settle - rules_.overlap;
  const auto day_ago = std::min(now.server - young, live_begins);
  if (auto given = live_.next(now, id)) return given;

  std::vector<core::window> read_by_others;
  if (const auto w = old_.reading()) read_by_others.push_back(*w);
  const core::window last_day{std::max(rules_.start, day_ago), live_begins};
  if (auto given = young_.next(now, id, last_day, proven, read_by_others)) return given;

  for (auto& t : tiers_)
    if (auto given = t.next(now, id, proven, read_)) return given;
  if (auto given = jobs_.next(now, id)) return given;

  // A job's ranges are left to it; what it cannot prove comes up again when it is over.
  read_by_others = jobs_.reading();
  if (const auto w = young_.reading()) read_by_others.push_back(*w);
  return old_.next(now, id, {rules_.start, day_ago}, proven, read_by_others);
}

steady_clock::time_point schedule::wake(const moment& now) const {
  auto wake = std::min({now.steady + longest_sleep, live_.wake(), young_.wake(now.steady), old_.wake(now.steady),
                        jobs_.wake(now.steady)});
  for (const auto& t : tiers_) wake = std::min(wake, t.wake());
  return std::max(wake, now.steady);
}

void schedule::stored(const core::window& w, const std::optional<core::window>& proven, core::second read_at) {
  if (!proven) return;
  const core::window sure{std::max(w.begin, proven->begin), std::min(w.end, proven->end)};
  proof_.add(sure);
  read_.read(sure, read_at);
  young_.clear_backoff(sure);
  old_.clear_backoff(sure);
}

void schedule::clear_backoff() {
  const core::window all{core::second::min(), core::second::max()};
  young_.clear_backoff(all);
  old_.clear_backoff(all);
}

void schedule::use_settle(std::chrono::seconds settle) {
  rules_.settle = settle;
  live_.use_settle(settle);
  proof_.use_settle(settle);
}

void schedule::end(std::uint64_t task, task_end how, const moment& now) {
  bool known = live_.ended(task) || young_.ended(task, how, proof_.trusted(), now.steady) ||
               old_.ended(task, how, proof_.trusted(), now.steady) || jobs_.ended(task, how, now.steady);
  for (auto& t : tiers_) known = known || t.ended(task, how, read_, now);
  if (!known) throw std::logic_error("a task ended that is not under way");
  const auto oldest_age = rules_.tiers.empty() ? std::chrono::seconds{0} : rules_.tiers.back().younger_than;
  read_.forget(now.server - oldest_age - memory_margin);
}

void schedule::ended(std::uint64_t task, bool proven_whole, const moment& now) {
  end(task, proven_whole ? task_end::proven : task_end::unproven, now);
}

void schedule::dropped(std::uint64_t task, const moment& now) {
  end(task, task_end::dropped, now);
}

void schedule::set_jobs(std::vector<runnable_job> jobs) {
  jobs_.set(std::move(jobs));
}

std::vector<tier_state> schedule::tiers(const moment& now) const {
  std::vector<tier_state> states;
  for (const auto& t : tiers_) states.push_back(t.state(now, proof_.trusted(), read_));
  return states;
}

std::optional<core::second> schedule::complete_through() const {
  const auto from_start = proof_.trusted().within({rules_.start, rules_.start + std::chrono::seconds{1}});
  if (from_start.empty()) return std::nullopt;
  const auto gaps = proof_.trusted().missing({rules_.start, core::second::max()});
  return gaps.front().begin;
}

}  // namespace ordersync::sync::schedule
