#pragma once
// What the lists and look-ups of one window have shown so far, against the mirror's orders of the same statuses: which
// of them have left their list, what is to be stored, and why counts differ although nothing has changed. Pure.

#include "core/order.hpp"
#include "sync/recheck/status_counts.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ordersync::sync::recheck {

// What came of a look-up by number.
struct looked_up_order {
  std::optional<core::order> order;
  bool absent = false;  // the API shows it neither by its number nor in the lists of final statuses
};

class listed_orders {
 public:
  // A list of this status is read; it may have no page.
  void begin_list(int status) { lists_[status]; }
  // None: the list of all orders.
  void add(std::optional<int> status, core::order order);
  // The list counts so many orders.
  void end_list(int status, std::int64_t total);
  bool was_read(int status) const { return lists_.contains(status); }
  std::vector<int> statuses() const;

  // Sets which of the mirror's orders of these statuses no list shows: gone().
  void compare(std::vector<mirror_order> held);
  // What was found since is none of them.
  void forget_found();
  bool has_gone() const noexcept { return !gone_.empty(); }
  std::size_t gone() const noexcept { return gone_.size(); }
  // One of them cannot be looked up.
  bool some_without_number() const noexcept;
  // The next one to look up; none: those that are left have no number, and nobody knows what became of them.
  std::optional<mirror_order> next_gone();
  void looked_up(const mirror_order& of, looked_up_order found);

  // What was shown and not taken yet.
  std::size_t untaken() const noexcept { return untaken_.size(); }
  std::vector<core::order> take();

  // Orders in a list of another status than theirs.
  const std::set<std::int64_t>& misplaced() const noexcept { return misplaced_; }

  struct explanation {
    bool complete = false;              // every order of the lists and of the mirror is accounted for
    status_counts offset;               // how many more the API counts, of the statuses listed
    std::set<std::int64_t> unlisted{};  // the API shows their status by number, but their list does not show them
  };
  // Against the mirror's orders of these statuses and this window as they are now. Orders within `edge` of its ends may
  // be on one side only.
  explanation explain(const std::vector<mirror_order>& held, const core::window& window,
                      std::chrono::seconds edge) const;

 private:
  std::map<int, std::set<std::int64_t>> lists_;  // ids
  std::map<std::int64_t, core::integer> seen_;   // the latest status of each order shown
  std::map<std::int64_t, core::order> untaken_;
  std::deque<mirror_order> gone_;
  std::set<std::int64_t> misplaced_;
  std::set<std::int64_t> unlisted_;
  std::set<std::int64_t> absent_;
  bool drifted_ = false;  // a list did not show as many orders as it counts
};

}  // namespace ordersync::sync::recheck
