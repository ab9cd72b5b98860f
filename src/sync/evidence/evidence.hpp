#pragma once
// What an account's API has been shown to answer in full within the last day: how long a range, how great a count, that
// its filter shows what it is asked for, and that naming no status leaves nothing out. A window is proven only within
// that, because an API that cuts ranges or counts in silence returns totals that agree with what it shows. trial.hpp
// looks for it; every page that is read adds to it. Pure: the caller brings the time, by the clock that observes orders
// and does not go back. One thread.
//
// How a page shows lengths: asked for [a, b), an order at t among its rows shows that a range is not cut shorter than
// t - a from its begin, nor shorter than b - t from its end. A count shows that counts do not end below it.

#include "core/order.hpp"
#include "core/time.hpp"
#include "sync/ports.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::sync::evidence {

// An order that the API is known to hold: what questions about the filter are asked by.
struct witness {
  std::int64_t id = 0;
  std::string tb_order_id;
  core::window created;  // holds both of its creation times, to the second
  std::optional<int> status{};
};

// Statuses that an order stays in (success, cancel, terminated): what shops' pages leave out.
inline constexpr std::array finished_statuses{5, 6, 7};
constexpr bool is_finished(std::optional<int> status) noexcept {
  return status && std::ranges::find(finished_statuses, *status) != finished_statuses.end();
}

// Which ends of a request's range are shown to be taken as they are by an order that was shown: an API that rounds them
// to minutes, or more, would not have shown it.
struct exact_ends {
  bool begin = false;
  bool end = false;

  bool both() const noexcept { return begin && end; }
};
exact_ends shown_to_be_exact(const core::window& asked, const core::window& created) noexcept;

// None where it has no creation time, or two that are too far apart to ask for both at once.
std::optional<witness> make_witness(std::int64_t id, std::string tb_order_id, core::instant created_at,
                                    std::optional<core::instant> tb_created_at, core::integer status);

// What the API was found to allow, or a person has set. None: no limit is known.
struct known_limits {
  std::optional<std::chrono::seconds> longest_range;
  std::optional<std::chrono::seconds> nearest_end;  // a range must end that long before now
  std::optional<int> page_size;
  std::optional<std::int64_t> depth;  // pages beyond so many orders of one range are refused
  std::optional<std::int64_t> total;  // counts end here: a range that counts so many is not counted in full
  bool by_status = false;             // lists leave orders out unless a status is named

  friend bool operator==(const known_limits&, const known_limits&) = default;
};

// What became known of a limit, to be kept and reported.
struct learnt_limit {
  std::string name;                   // as in the table api_limits
  std::optional<std::int64_t> value;  // none: there is no such limit any more
  std::string found_by;               // for people
};

// The greatest of the values that were seen within the last day.
template <class Value>
class daily_maximum {
 public:
  void add(Value value, core::instant now) {
    forget(now);
    if (!seen_.empty() && seen_.back().second >= value && now - seen_.back().first < grain) return;
    while (!seen_.empty() && seen_.back().second <= value) seen_.pop_back();
    seen_.emplace_back(now, value);
  }
  Value greatest(core::instant now) const {
    for (const auto& [at, value] : seen_)
      if (now - at < std::chrono::days{1}) return value;
    return Value{};
  }
  void clear() noexcept { seen_.clear(); }

 private:
  // Of smaller values that follow soon only some are kept: 24 entries are enough for a day.
  static constexpr std::chrono::hours grain{1};
  void forget(core::instant now) {
    while (!seen_.empty() && now - seen_.front().first >= std::chrono::days{1}) seen_.pop_front();
  }
  std::deque<std::pair<core::instant, Value>> seen_;  // values fall
};

struct evidence_rules {
  // The filter is tried again after this; what was proven since the last good trial is taken back when it fails.
  std::chrono::milliseconds filter_every{60'000};
  std::optional<std::chrono::seconds> zone{};  // api.time_zone, for texts
};

class evidence {
 public:
  explicit evidence(evidence_rules rules = {}, known_limits limits = {}) : rules_(rules), limits_(limits) {}

  // Adds what a page shows that came at `now`, a few seconds ago at most. The caller has looked whether all of it is in
  // the range that was asked for. `by_status`: the list was one of a named status.
  void shown(const core::window& asked, const page& reply, core::instant now, bool by_status = false);
  // The order was among the rows of a reply to `asked`.
  void shown_in(const core::window& asked, const witness& order, core::instant now);
  // A count was found to be the sum of its parts: not the end of all counts.
  void count_adds_up(std::int64_t total, core::instant now) { sums_.add(total, now); }
  void filter_holds(core::instant now);
  // The filter shows other orders than it is asked for, or does not show those; nothing is proven until it holds again.
  void filter_fails(std::string reason);
  // A page of so many orders was larger than what is allowed.
  void page_too_large(int page_size, std::string reason, core::instant now);
  // A page beyond the first of a range that counts so many orders was refused.
  void page_too_deep(std::int64_t total, int page_size, std::string reason, core::instant now);
  // Lists of `range` without a status were found to leave no order out. `to_now`: nor those of later times.
  void statuses_tried(const core::window& range, bool to_now, core::instant now);
  // Lists were found to leave orders out unless a status is named: nothing that showed otherwise counts any more. True
  // where that is news.
  bool lists_leave_out();
  // The longest range that is answered in full was looked for: windows are kept within what is shown from now on.
  void lengths_tried() noexcept { lengths_tried_ = true; }
  // A trial is over; `reason`: why it could not find everything out, empty where it could.
  void trial_ended(core::instant now, std::string reason);
  void want_trial() noexcept {
    wanted_ = true;
    wanted_in_vain_ = 0;
  }
  // Trusts nothing of what was shown; a trial is due.
  void forget();

  // Why a read of `asked` that counted `total` orders, all of them seen, does not prove it; empty: it does. Where that
  // is for want of a trial, one becomes due.
  std::string doubt(const core::window& asked, std::int64_t total, core::instant now);

  // What is due at this moment: everything, or only whether the filter still holds.
  bool trial_due(core::instant now) const;
  bool filter_trial_due(core::instant now) const;
  // Why the last trial could not find everything out; empty: it could.
  const std::string& trial_reason() const noexcept { return trial_reason_; }
  std::optional<core::instant> filter_held_at() const noexcept { return filter_held_; }
  std::optional<core::instant> tried_at() const noexcept { return tried_; }
  const std::string& filter_reason() const noexcept { return filter_reason_; }

  // No window may be longer than this; none: nothing is known.
  std::optional<std::chrono::seconds> longest_window(core::instant now) const;
  std::chrono::seconds longest_from_begin(core::instant now) const { return from_begin_.greatest(now); }
  std::chrono::seconds longest_to_end(core::instant now) const { return to_end_.greatest(now); }

  // Where nothing shows whether lists without a status leave orders out, although windows needed it; taken.
  std::vector<core::window> take_untried_ranges() { return std::exchange(untried_, {}); }

  // The window with the greatest count that nothing shows to be honest; taken.
  struct counted_window {
    core::window range;
    std::int64_t total = 0;
  };
  std::optional<counted_window> take_untried_count() { return std::exchange(untried_count_, std::nullopt); }

  // Orders to ask questions by: the oldest and the newest that was shown, and one that is finished: as long as that is
  // shown without naming its status, finished orders are not left out.
  const std::optional<witness>& oldest() const noexcept { return oldest_; }
  const std::optional<witness>& newest() const noexcept { return newest_; }
  const std::optional<witness>& finished() const noexcept { return finished_; }
  void remember(const witness& order);
  // It is not shown any more; another one is to be found.
  void forget_witness(std::int64_t id);

  // What to ask for instead of a list without a status, where such lists leave orders out; else empty.
  std::vector<int> statuses_to_ask() const;
  // The documented ones and those that were ever shown.
  const std::set<int>& known_statuses() const noexcept { return statuses_; }

  // What sweeps have found; taken.
  std::vector<learnt_limit> take_learnt() { return std::exchange(learnt_, {}); }
  // Limits that only sweeps find are forgotten after a day, so that they are found again if they still hold.
  void retry_old_limits(const known_limits& by_hand, core::instant now);

  known_limits& limits() noexcept { return limits_; }
  const known_limits& limits() const noexcept { return limits_; }
  const evidence_rules& rules() const noexcept { return rules_; }

 private:
  std::string doubt_now(const core::window& asked, std::int64_t total, core::instant now) const;
  std::chrono::milliseconds rest_after_trial() const;
  bool leaves_nothing_out(const core::window& asked, core::instant now) const;
  bool count_is_honest(std::int64_t total, core::instant now) const;

  struct tried_range {
    core::window range;
    core::instant at{};
  };

  evidence_rules rules_;
  known_limits limits_;
  daily_maximum<std::chrono::seconds> from_begin_;
  daily_maximum<std::chrono::seconds> to_end_;
  daily_maximum<std::int64_t> totals_;  // counts reported: each shows that counts do not end below it
  daily_maximum<std::int64_t> sums_;    // counts that are the sum of their parts
  std::optional<core::instant> filter_held_;
  std::string filter_reason_;
  std::vector<tried_range> statuses_tried_;
  std::vector<core::window> untried_;
  std::optional<counted_window> untried_count_;
  std::optional<core::instant> finished_shown_;  // by a list without a status
  std::optional<core::instant> tried_;
  std::string trial_reason_;
  std::vector<learnt_limit> learnt_;
  std::optional<core::instant> page_size_found_;
  std::optional<core::instant> depth_found_;
  bool wanted_ = true;
  int wanted_in_vain_ = 0;  // trials in a row after which something is still missing
  bool lengths_tried_ = false;
  std::set<int> statuses_{1, 2, 3, 4, 5, 6, 7, 8};
  std::optional<witness> oldest_;
  std::optional<witness> newest_;
  std::optional<witness> finished_;
};

}  // namespace ordersync::sync::evidence
