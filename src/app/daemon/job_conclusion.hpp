#pragma once
// When a backfill job is over, and how it ended. Pure.

#include "store/jobs/jobs.hpp"

#include <string>

namespace ordersync::app::daemon {

// Whether nothing of the job is left but what has not happened yet, and will not have in a moment. `settled`: what was
// created until then the API shows in full. `now` is the API's.
bool is_over(const store::jobs::backfill_job& job, core::second settled, core::second now);

struct job_conclusion {
  store::jobs::job_state state = store::jobs::job_state::done;
  std::string reason;  // why it is not complete; empty when it is
};

// Of a job that is over, by what the database counted on the way.
job_conclusion conclusion_of(const store::jobs::backfill_job& job);

}  // namespace ordersync::app::daemon
