#pragma once
// The statements about backfill jobs. Inside the caller's transaction.

#include "store/jobs/jobs.hpp"
#include "store/pg/connection.hpp"
#include "sync/ports.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::jobs {

// Notifies listeners of each job that is created or changed by a command.
constexpr const char* job_channel = "ordersync_jobs";

std::vector<backfill_job> read_open_jobs(pg::connection& db);                    // oldest first
std::vector<backfill_job> read_latest_jobs(pg::connection& db, bool open_only);  // newest first, 200 at most
// Throws precondition_failed when there is none.
backfill_job read_job(pg::connection& db, std::int64_t id);
// Whose job that is; empty: there is none.
std::string read_account(pg::connection& db, std::int64_t id);

std::vector<std::int64_t> draw_job_ids(pg::connection& db, std::size_t how_many);
// One job an account. A job of that id that is there already is left as it is: the same transaction was done before.
std::vector<backfill_job> insert_jobs(pg::connection& db, const std::vector<std::int64_t>& ids,
                                      const std::vector<std::string>& accounts, const core::window& range,
                                      const std::string& requested_by);

// See store::database. Throws precondition_failed.
backfill_job change(pg::connection& db, std::int64_t id, job_action action, const std::string& by);
void begin_job(pg::connection& db, std::int64_t id, std::optional<std::int64_t> expected_orders);
void end_job(pg::connection& db, std::int64_t id, job_state end, const std::string& reason);

// In the transaction that stores the window: what it adds to its job. A window that is to be read again because some of
// it was outdated is no progress yet.
void add_progress(pg::connection& db, std::int64_t job, const sync::window_batch& batch, sync::sweep_outcome outcome,
                  const sync::commit_summary& counts);

}  // namespace ordersync::store::jobs
