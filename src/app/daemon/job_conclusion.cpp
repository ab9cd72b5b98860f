#include "app/daemon/job_conclusion.hpp"

#include <fmt/format.h>

namespace ordersync::app::daemon {

bool is_over(const store::jobs::backfill_job& job, core::second settled, core::second now) {
  if (job.left.empty()) return true;
  return job.left.front().begin >= settled && job.left.back().end > now;
}

job_conclusion conclusion_of(const store::jobs::backfill_job& job) {
  using store::jobs::job_state;
  if (job.gaps > 0)
    return {job_state::incomplete, fmt::format("{} windows could not be proven: see ordersync coverage", job.gaps)};
  if (!job.left.empty())
    return {job_state::incomplete, fmt::format("the range ends in the future: nothing after {} was read",
                                               core::to_text(job.left.front().begin))};
  return {};
}

}  // namespace ordersync::app::daemon
