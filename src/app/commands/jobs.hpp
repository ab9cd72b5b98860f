#pragma once
// `backfill create`, `list`, `show`, `pause`, `resume` and `cancel`: jobs, which the daemon that leads works.

#include "app/commands/session.hpp"
#include "app/tasks/backfill_views.hpp"
#include "store/jobs/jobs.hpp"

#include <cstdint>
#include <optional>

namespace ordersync::app::commands {

// No account: one job for each configured account. `by`: who asks.
core::result<std::vector<store::jobs::backfill_job>> create_jobs(session& in, std::optional<std::string> account,
                                                                 core::window range, std::string by);
// Newest first, 200 at most.
core::result<std::vector<store::jobs::backfill_job>> list_jobs(session& in, bool open_only);
core::result<store::jobs::backfill_job> find_job(session& in, std::int64_t id);
core::result<store::jobs::backfill_job> change_job(session& in, std::int64_t id, store::jobs::job_action action,
                                                   std::string by);
// Until none of them is open any more.
core::result<tasks::awaited_jobs> await_jobs(session& in, const std::vector<store::jobs::backfill_job>& jobs,
                                             const tasks::job_listener& listener);
// Asks the API, once an account.
core::result<std::vector<tasks::backfill_estimate>> estimate_backfill(session& in, std::optional<std::string> account,
                                                                      core::window range);

}  // namespace ordersync::app::commands
