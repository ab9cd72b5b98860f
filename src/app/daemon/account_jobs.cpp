#include "app/daemon/account_jobs.hpp"

#include "app/daemon/job_conclusion.hpp"
#include "app/tasks/backfills.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using store::jobs::backfill_job;

account_jobs::account_jobs(store::database& database, std::string account,
                           std::function<bool(const backfill_job&)> is_over)
    : database_(database), account_(std::move(account)), is_over_(std::move(is_over)) {}

void account_jobs::set(std::vector<backfill_job> jobs) {
  jobs_ = std::move(jobs);
  std::erase_if(jobs_, [this](const backfill_job& job) {
    const bool paused = job.state == store::jobs::job_state::paused;
    return job.account != account_ || paused || concluding_.contains(job.id);
  });
}

std::vector<sync::schedule::runnable_job> account_jobs::runnable(core::second settled) const {
  std::vector<sync::schedule::runnable_job> runnable;
  for (const auto& job : jobs_)
    if (auto due = tasks::until(job.left, settled); !due.empty()) runnable.push_back({job.id, std::move(due)});
  return runnable;
}

bool account_jobs::holds(std::int64_t id) const {
  return std::ranges::find(jobs_, id, &backfill_job::id) != jobs_.end();
}

bool account_jobs::is_stopped(std::int64_t id) const {
  return !concluding_.contains(id) && !holds(id);
}

std::vector<std::int64_t> account_jobs::over() const {
  std::vector<std::int64_t> over;
  for (const auto& job : jobs_)
    if (is_over_(job)) over.push_back(job.id);
  return over;
}

std::int64_t account_jobs::orders_of(std::int64_t id) const {
  const auto job = std::ranges::find(jobs_, id, &backfill_job::id);
  return job == jobs_.end() ? 0 : job->orders;
}

// What the database counted on the way says how it ended.
asio::awaitable<bool> account_jobs::conclude(std::int64_t id) {
  if (!concluding_.insert(id).second) co_return false;
  const auto job = co_await database_.job(id);
  if (job.has_value() && is_over_(*job)) {
    auto end = conclusion_of(*job);
    co_await database_.end_job(id, end.state, std::move(end.reason));
    std::erase_if(jobs_, [&](const backfill_job& other) { return other.id == id; });
  }
  co_return true;
}

}  // namespace ordersync::app::daemon
