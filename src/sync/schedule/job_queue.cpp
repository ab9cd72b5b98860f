#include "sync/schedule/job_queue.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::sync::schedule {

namespace {
constexpr auto never = std::chrono::steady_clock::time_point::max();
}

void job_queue::set(std::vector<runnable_job> jobs) {
  jobs_ = std::move(jobs);
  std::erase_if(held_, [this](const auto& entry) {
    return std::none_of(jobs_.begin(), jobs_.end(), [&](const auto& job) { return job.id == entry.first; });
  });
}

std::optional<task> job_queue::next(const moment& now, std::uint64_t id) {
  if (running_) return std::nullopt;
  const auto job = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& j) {
    const auto at = held_.find(j.id);
    return !j.left.empty() && (at == held_.end() || at->second.until <= now.steady);
  });
  if (job == jobs_.end()) return std::nullopt;
  running_ = running_task{id, job->id, job->left};
  return task{id, sweep_kind::backfill, flow::urgency::backfill, job->left, job->id, std::nullopt};
}

bool job_queue::ended(std::uint64_t task, task_end how, std::chrono::steady_clock::time_point now) {
  if (!running_ || running_->id != task) return false;
  const auto id = running_->job;
  running_.reset();
  if (std::none_of(jobs_.begin(), jobs_.end(), [id](const auto& job) { return job.id == id; })) return true;
  const auto before = held_.find(id);
  if (how == task_end::dropped) {
    held_[id].until = now + rest_after_drop;
  } else {
    held_[id] = hold_again(before == held_.end() ? std::nullopt : std::optional(before->second), now);
  }
  return true;
}

std::chrono::steady_clock::time_point job_queue::wake(std::chrono::steady_clock::time_point now) const {
  auto wake = never;
  if (running_) return wake;
  for (const auto& [job, held] : held_)
    if (held.until > now) wake = std::min(wake, held.until);
  return wake;
}

std::vector<core::window> job_queue::reading() const {
  return running_ ? running_->ranges : std::vector<core::window>{};
}

}  // namespace ordersync::sync::schedule
