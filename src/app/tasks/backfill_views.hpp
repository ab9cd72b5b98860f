#pragma once
// What commands show of backfill jobs: plain values.

#include "store/jobs/jobs.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ordersync::app::tasks {

// What a backfill would cost an account, by the API's own count.
struct backfill_estimate {
  std::string account;
  std::int64_t orders = 0;
  std::int64_t calls = 0;
  std::chrono::seconds time{0};  // with all of sync.rate to itself
};

// What is reported of a job that is waited for, about twice a second.
using job_listener = std::function<void(const store::jobs::backfill_job&)>;

struct awaited_jobs {
  std::vector<store::jobs::backfill_job> jobs;  // as they were last seen
  bool interrupted = false;                     // by a signal: they go on
};

}  // namespace ordersync::app::tasks
