#pragma once
// Whatever is not proven of a stretch of time, newest first: what a downtime left, the history of a new mirror, and the
// gaps of every other reading. Pure; one thread.
//
// A gap that will not close is held for a while, twice as long each time, and the next gap has its turn. So one that
// never closes costs little and keeps none waiting.

#include "sync/interval_set.hpp"
#include "sync/schedule/task.hpp"
#include "sync/schedule/window_backoff.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace ordersync::sync::schedule {

class catch_up {
 public:
  explicit catch_up(flow::urgency how) : how_(how) {}

  // The newest part of `region` that is neither proven nor in `left_out` (others are reading it) nor held. The farther
  // it is from now the longer a chunk it is, so that the newest is there soon and the oldest does not take many tasks.
  std::optional<task> next(const moment& now, std::uint64_t id, const core::window& region, const interval_set& proven,
                           const std::vector<core::window>& left_out);
  // Whether the task was this one's.
  bool ended(std::uint64_t task, task_end how, const interval_set& proven, std::chrono::steady_clock::time_point now);
  // What is proven is held no more.
  void clear_backoff(const core::window& w) { backoff_.clear(w); }
  // When something is held no more; the end of time when that is not what it waits for.
  std::chrono::steady_clock::time_point wake(std::chrono::steady_clock::time_point now) const;
  // What is being read.
  std::optional<core::window> reading() const;

 private:
  struct running_task {
    std::uint64_t id;
    core::window range;
  };
  flow::urgency how_;
  std::optional<running_task> running_;
  std::chrono::steady_clock::time_point rests_until_{};
  window_backoff backoff_;
};

}  // namespace ordersync::sync::schedule
