#pragma once
// Which window is checked by counts next, and how the proven time of the last months is cut into windows. Windows
// adapt: where searching takes long they are cut, where nothing changes neighbours are joined, so a round costs few
// requests. Requests are spread evenly: a share of the rate. Where that does not allow a round within `every`, the
// round takes longer. Pure: the caller brings the time. One thread.

#include "core/time.hpp"
#include "sync/recheck/count_check.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ordersync::sync::recheck {

struct plan_rules {
  std::chrono::seconds every{60};
  double per_second = 3;  // requests that all checks of the account may send, > 0
  int statuses = 5;       // that are counted: the requests of a check that finds no difference
};

class check_plan {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit check_plan(plan_rules rules) : rules_(rules) {}

  void use(const plan_rules& rules) { rules_ = rules; }
  // What is to be checked: proven and settled, ascending, disjoint. Moving ends keep what is known of a window.
  // `longest`: no window may be longer.
  void cover(const std::vector<core::window>& ranges, std::optional<std::chrono::seconds> longest);

  // The window to check now; none: nothing is due. One at a time: end it with ended() or dropped().
  std::optional<core::window> next(time_point now);
  // When next() may give one.
  std::optional<time_point> due() const;
  // What the API was found to count more than the mirror in the window that next() gave.
  const status_counts& offset() const;

  // For check_rules: a search that takes more is left to smaller windows. 0: there is to be no limit.
  std::int64_t most_requests() const;

  // `reading`: when the check began, by the clock that observes orders.
  void ended(const check_result& result, core::second reading, time_point now);
  // The check was not finished: it is due again after a while.
  void dropped(time_point now);
  // Nothing could be checked for a while: everything is due, and how long that took says nothing of the budget.
  void interrupted();

  // The window just ended is to be cut, because searching it takes too long.
  const std::optional<core::window>& to_cut() const noexcept { return to_cut_; }
  // Both sides are due at once. A second that is not within it cuts nothing.
  void cut(core::second at);

  // An order that no check of two minutes could explain: the lists by status cannot be relied on. They may lag behind
  // by less.
  bool contradicted() const noexcept { return contradicted_; }
  // Everything is checked anew.
  void forget();

  std::size_t windows() const noexcept { return cells_.size(); }
  // Since when no status has changed unseen, over all windows: the oldest check that was settled. None: one of them
  // was never settled.
  std::optional<core::second> oldest_checked() const;
  // The longest time between two checks of the same window; none: no window was checked twice yet.
  std::optional<std::chrono::seconds> round() const;

 private:
  struct cell {
    core::window window;
    std::optional<time_point> begun;               // the last check
    std::optional<std::chrono::seconds> interval;  // from the check before it
    std::optional<core::second> checked;           // when the last one that was settled began
    int quiet = 0;                                 // checks in a row that found all equal
    status_counts offset;
    std::map<std::int64_t, time_point> suspects;  // since when each check finds them
  };

  const cell* most_overdue() const;
  std::size_t in_hand() const;
  void cut_long();
  static void set_window(cell& of, const core::window& w);
  void join_neighbours(std::size_t at);

  plan_rules rules_;
  std::vector<cell> cells_;  // ascending
  std::optional<core::window> in_hand_;
  std::optional<core::window> to_cut_;
  std::optional<std::chrono::seconds> longest_;
  bool contradicted_ = false;
};

}  // namespace ordersync::sync::recheck
