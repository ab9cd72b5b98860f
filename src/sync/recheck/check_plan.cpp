#include "sync/recheck/check_plan.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace ordersync::sync::recheck {

using namespace std::chrono_literals;

namespace {

// A check that was not finished is tried again after this.
constexpr std::chrono::seconds rest_after_failure = 5s;
// Windows are joined after so many checks that found nothing.
constexpr int quiet_checks = 5;
// An API's lists by status may lag behind: what they do not show as it is for longer contradicts them.
constexpr std::chrono::minutes longest_lag{2};
// What is shorter is not cut.
constexpr std::chrono::seconds shortest = 2min;
// One window's search may take this share of what a round may send, so that it does not make the others late.
constexpr double largest_share = 1.0 / 5;
// Checks that find nothing may take this share of it.
constexpr double idle_share = 1.0 / 2;

}  // namespace

// Offsets were learnt for the very ends that a window had. Time that it has gained was not checked with it.
void check_plan::set_window(cell& of, const core::window& w) {
  if (of.window == w) return;
  if (w.begin < of.window.begin || w.end > of.window.end) {
    of.begun.reset();
    of.checked.reset();
  }
  of.offset.clear();
  of.window = w;
}

void check_plan::cover(const std::vector<core::window>& ranges, std::optional<std::chrono::seconds> longest) {
  if (in_hand_) throw std::logic_error("check_plan: a window is being checked");
  longest_ = longest;
  std::vector<cell> next;
  for (const auto& range : ranges) {
    std::vector<cell> within;
    for (const auto& old : cells_)
      if (old.window.overlaps(range)) within.push_back(old);
    if (within.empty()) within.push_back(cell{.window = range});
    for (std::size_t i = 0; i < within.size(); ++i) {
      const auto begin = i == 0 ? range.begin : within[i].window.begin;
      const auto end = i + 1 == within.size() ? range.end : within[i + 1].window.begin;
      set_window(within[i], {begin, end});
    }
    std::ranges::move(within, std::back_inserter(next));
  }
  cells_ = std::move(next);
  cut_long();
}

void check_plan::cut_long() {
  if (!longest_) return;
  std::vector<cell> next;
  for (auto& each : cells_) {
    const auto whole = each.window;
    for (auto begin = whole.begin; begin < whole.end; begin += *longest_) {
      next.push_back(each);
      set_window(next.back(), {begin, std::min(whole.end, begin + *longest_)});
    }
  }
  cells_ = std::move(next);
}

const check_plan::cell* check_plan::most_overdue() const {
  const auto at = std::ranges::min_element(cells_, [](const cell& a, const cell& b) {
    return a.begun.value_or(time_point::min()) < b.begun.value_or(time_point::min());
  });
  return at == cells_.end() ? nullptr : &*at;
}

std::optional<check_plan::time_point> check_plan::due() const {
  const auto* const next = most_overdue();
  if (next == nullptr) return std::nullopt;
  return next->begun ? *next->begun + rules_.every : time_point::min();
}

std::optional<core::window> check_plan::next(time_point now) {
  const auto at = due();
  if (in_hand_ || !at || *at > now) return std::nullopt;
  to_cut_.reset();
  in_hand_ = most_overdue()->window;
  auto& held = cells_[in_hand()];
  if (held.begun) held.interval = std::chrono::ceil<std::chrono::seconds>(now - *held.begun);
  held.begun = now;
  return in_hand_;
}

std::size_t check_plan::in_hand() const {
  const auto at = std::ranges::find_if(cells_, [&](const cell& each) { return each.window == in_hand_; });
  if (!in_hand_ || at == cells_.end()) throw std::logic_error("check_plan: no window is being checked");
  return static_cast<std::size_t>(at - cells_.begin());
}

const status_counts& check_plan::offset() const {
  return cells_[in_hand()].offset;
}

// More windows take more requests: where the round is late already they would only make it later.
std::int64_t check_plan::most_requests() const {
  const double budget = rules_.per_second * static_cast<double>(rules_.every.count());
  const auto taken = round();
  const bool late = taken && *taken > rules_.every + rules_.every / 10;
  const bool room = static_cast<double>(cells_.size() + 1) * rules_.statuses <= idle_share * budget;
  if (late || !room || cells_[in_hand()].window.length() < shortest) return 0;
  return std::max(std::int64_t{4} * rules_.statuses, static_cast<std::int64_t>(largest_share * budget));
}

void check_plan::ended(const check_result& result, core::second reading, time_point now) {
  const auto at = in_hand();
  auto& held = cells_[at];
  held.quiet = result.equal ? held.quiet + 1 : 0;
  held.offset = result.offset;
  if (result.settled) held.checked = reading;
  auto before = std::exchange(held.suspects, {});
  for (const auto id : result.suspects) {
    const auto since = before.contains(id) ? before.at(id) : now;
    held.suspects.emplace(id, since);
    contradicted_ = contradicted_ || now - since >= longest_lag;
  }
  if (result.too_large && held.window.length() >= shortest) to_cut_ = held.window;
  in_hand_.reset();
  join_neighbours(at);
}

void check_plan::dropped(time_point now) {
  auto& held = cells_[in_hand()];
  held.begun = now - rules_.every + rest_after_failure;
  held.interval.reset();
  in_hand_.reset();
}

void check_plan::interrupted() {
  for (auto& each : cells_) {
    each.begun.reset();
    each.interval.reset();
  }
}

void check_plan::join_neighbours(std::size_t at) {
  for (const auto left : {at, at == 0 ? at : at - 1}) {
    if (left + 1 >= cells_.size()) continue;
    auto& a = cells_[left];
    const auto& b = cells_[left + 1];
    const auto length = b.window.end - a.window.begin;
    if (a.window.end != b.window.begin || std::min(a.quiet, b.quiet) < quiet_checks) continue;
    if (longest_ && length > *longest_) continue;
    a.window.end = b.window.end;
    a.begun = std::min(a.begun, b.begun);
    a.checked = std::min(a.checked, b.checked);
    a.quiet = 0;
    for (const auto& [status, count] : b.offset) a.offset[status] += count;
    cells_.erase(cells_.begin() + static_cast<std::ptrdiff_t>(left) + 1);
    return;
  }
}

void check_plan::cut(core::second at) {
  if (!to_cut_) return;
  const auto found = std::ranges::find_if(cells_, [&](const cell& each) { return each.window == *to_cut_; });
  to_cut_.reset();
  if (found == cells_.end() || at <= found->window.begin || at >= found->window.end) return;
  cell right{.window = {at, found->window.end}, .checked = found->checked};
  found->window.end = at;
  *found = cell{.window = found->window, .checked = found->checked};
  cells_.insert(found + 1, std::move(right));
}

void check_plan::forget() {
  cells_.clear();
  in_hand_.reset();
  to_cut_.reset();
  contradicted_ = false;
}

std::optional<core::second> check_plan::oldest_checked() const {
  if (cells_.empty()) return std::nullopt;
  return std::ranges::min_element(cells_, {}, &cell::checked)->checked;
}

std::optional<std::chrono::seconds> check_plan::round() const {
  std::optional<std::chrono::seconds> longest;
  for (const auto& each : cells_)
    if (each.interval) longest = std::max(longest, each.interval);
  return longest;
}

}  // namespace ordersync::sync::recheck
