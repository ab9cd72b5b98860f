#pragma once
// The open backfill jobs of one account: which of them may be worked, and how those that are over end in the database.
//
// One I/O thread. What is given outlives it.

#include "store/store.hpp"
#include "sync/schedule/job_queue.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace ordersync::app::daemon {

class account_jobs {
 public:
  // `is_over`: see job_conclusion.hpp.
  account_jobs(store::database& database, std::string account,
               std::function<bool(const store::jobs::backfill_job&)> is_over);

  // All open jobs, oldest first, as the database knows them.
  void set(std::vector<store::jobs::backfill_job> jobs);
  // Those of the account that may be worked: they are not paused, and their end is not being written.
  const std::vector<store::jobs::backfill_job>& list() const noexcept { return jobs_; }

  // What the schedule gives of them: all that was created until `settled`.
  std::vector<sync::schedule::runnable_job> runnable(core::second settled) const;
  // Somebody has paused or cancelled it.
  bool is_stopped(std::int64_t id) const;
  // Those of which nothing is left to be read.
  std::vector<std::int64_t> over() const;
  // Orders that it has brought so far.
  std::int64_t orders_of(std::int64_t id) const;

  // All that can be read of the job was read: writes its end. False where that is being done already; else forget() is
  // to follow once looks at the jobs that began before must have ended: they may still show it as open.
  boost::asio::awaitable<bool> conclude(std::int64_t id);
  void forget(std::int64_t id) { concluding_.erase(id); }

 private:
  bool holds(std::int64_t id) const;

  store::database& database_;
  const std::string account_;
  std::function<bool(const store::jobs::backfill_job&)> is_over_;
  std::vector<store::jobs::backfill_job> jobs_;
  std::set<std::int64_t> concluding_;  // jobs whose end is being written
};

}  // namespace ordersync::app::daemon
