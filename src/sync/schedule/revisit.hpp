#pragma once
// One tier of revisits: reads what is proven of its ages again, the stalest first, evenly spread over its period. Pure;
// one thread.
//
// Creation time is cut into slots on a grid that does not move, so that what is read together stays together; a slot
// that lies across the tier's edge is cut there. A second that grows older leaves one tier and enters the next with the
// time of its last reading, so it is never forgotten between two.
//
// The pace is such that all slots are read in nine tenths of the period. It is faster, back to back at last, when their
// ages ask for it, as after a downtime.

#include "sync/interval_set.hpp"
#include "sync/schedule/last_read_map.hpp"
#include "sync/schedule/task.hpp"
#include "sync/schedule/window_backoff.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ordersync::sync::schedule {

// Windows that a tier is cut into: a reading of all its ages costs a request for each at least.
std::int64_t windows_of(const tier& rule);

class revisit {
 public:
  // Covers the ages from `from_age` up to rule.younger_than.
  revisit(tier rule, std::chrono::seconds from_age, std::size_t index);

  // The stalest slot, when one is due. Coalesces `read` where the difference does not matter to this tier.
  std::optional<task> next(const moment& now, std::uint64_t id, const interval_set& proven, last_read_map& read);
  // Whether the task was this one's. What of the slot was not read is held for a while, and the rest goes on.
  bool ended(std::uint64_t task, task_end how, const last_read_map& read, const moment& now);
  std::chrono::steady_clock::time_point wake() const noexcept;

  tier_state state(const moment& now, const interval_set& proven, const last_read_map& read) const;
  const tier& rule() const noexcept { return rule_; }

 private:
  struct slot {
    std::int64_t key = 0;                // its place on the grid
    std::optional<core::second> oldest;  // reading of what is proven of it
  };
  struct running_task {
    std::uint64_t id = 0;
    core::second began;  // by the clock of readings
    std::vector<core::window> ranges;
  };

  core::window region(core::second now) const;
  core::window place_of(std::int64_t key) const;
  std::vector<slot> stalest_first(const moment& now, const interval_set& proven, const last_read_map& read) const;
  std::chrono::steady_clock::duration pause_after_first(const std::vector<slot>& due, core::second now) const;
  void hold_unread(const running_task& done, const last_read_map& read, const moment& now);

  tier rule_;
  std::chrono::seconds from_age_;
  std::size_t index_;
  std::chrono::seconds slot_length_;
  std::chrono::steady_clock::time_point due_{};  // the epoch: at once
  std::optional<running_task> running_;
  window_backoff backoff_;
};

}  // namespace ordersync::sync::schedule
