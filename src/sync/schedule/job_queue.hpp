#pragma once
// An account's backfill jobs: one at a time, the oldest first. Pure; one thread.

#include "sync/schedule/hold.hpp"
#include "sync/schedule/task.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ordersync::sync::schedule {

class job_queue {
 public:
  void set(std::vector<runnable_job> jobs);

  std::optional<task> next(const moment& now, std::uint64_t id);
  // Whether the task was this one's. Its job is not given again for a while, unless it was gone from the list
  // meanwhile: ending it takes the caller a moment.
  bool ended(std::uint64_t task, task_end how, std::chrono::steady_clock::time_point now);
  std::chrono::steady_clock::time_point wake(std::chrono::steady_clock::time_point now) const;
  // What is being read.
  std::vector<core::window> reading() const;

 private:
  struct running_task {
    std::uint64_t id;
    std::int64_t job;
    std::vector<core::window> ranges;
  };

  std::vector<runnable_job> jobs_;  // oldest first
  std::optional<running_task> running_;
  std::map<std::int64_t, hold> held_;  // by job
};

}  // namespace ordersync::sync::schedule
