#pragma once
// The windows that a sweep has not begun yet, the earliest first, and what is known of those that were cut out of
// another: how many orders that held, and what its other half leaves for them. Pure. One thread.

#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::sync::sweep {

struct pending_window {
  core::window window;
  std::string name;           // see sweep.hpp
  bool root = false;          // one of the ranges, not a part of one
  int outdated = 0;           // times it was read in vain because of another reader
  std::int64_t siblings = 0;  // orders of the window that it was cut from; 0 where that is not known
  bool right_half = false;    // that window was cut in two, and this is the later part
  std::optional<std::int64_t> expected = std::nullopt;  // then: the orders that the other half leaves for it
};

class pending_windows {
 public:
  pending_windows() = default;
  // Those that are not empty, in their order; named "17-1", "17-2" and so on for a sweep of number 17.
  pending_windows(const std::vector<core::window>& ranges, std::uint64_t sweep);

  bool empty() const noexcept { return stack_.empty(); }
  // There is one.
  const pending_window& next() const noexcept { return stack_.back(); }
  pending_window take();
  void clear() noexcept { stack_.clear(); }

  // Goes before all others.
  void put_back(pending_window w) { stack_.push_back(std::move(w)); }
  // The parts of `w`, which holds `total` orders (0: that is not known), before all others.
  void put_parts(const pending_window& w, const std::vector<core::window>& parts, std::int64_t total);
  // No parts longer than `longest`.
  void put_cut_to(const pending_window& w, std::chrono::seconds longest);
  // So many that, by `total`, each holds `most_orders` at the most or is to be cut further; how many. Where most of
  // what was cut before lies in this one part, a place is looked for: halves find it with fewest calls, for the count
  // of the right one follows from that of the left.
  std::size_t put_cut_up(const pending_window& w, std::int64_t total, std::int64_t most_orders);

  // The left half of two holds so many orders, so the right one holds the others.
  void left_counted(const core::window& left, std::int64_t total);

 private:
  std::vector<pending_window> stack_;  // the earliest on top
};

// Whether the count of `half`, the right one of two, is worth waiting for until the left one has returned its own:
// where it would probably have to be cut again.
bool awaits_count(const pending_window& half, std::int64_t most_orders) noexcept;

}  // namespace ordersync::sync::sweep
