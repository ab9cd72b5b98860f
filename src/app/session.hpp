#pragma once
// One run of a command: the configuration read, the log opened, the database at hand, signals heeded. The composition
// root: concrete classes of several rooms meet here and nowhere else.
//
// Every call blocks until it is done and belongs to the thread that opened the session. SIGTERM or SIGINT make the call
// in hand end soon, with the transaction in hand finished, within 5 s; a second signal ends the process at once.

#include "app/setup/loading.hpp"
#include "app/status/status_view.hpp"
#include "app/tasks/backfill_views.hpp"
#include "app/tasks/maintenance_views.hpp"
#include "app/tasks/sweep_views.hpp"
#include "core/error.hpp"
#include "store/jobs/jobs.hpp"
#include "store/migrations/migrator.hpp"
#include "store/reports/reports.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app {

class session {
 public:
  // Or everything that is wrong with the configuration, the secret files included, a line each. Opens no connection.
  // One opened for a look waits for a database that is away for seconds, not for a minute, and must not be asked for
  // anything that needs the API.
  static boost::system::result<std::unique_ptr<session>, std::vector<std::string>> open(
      const std::filesystem::path& config_file, setup::purpose of = setup::purpose::work);

  session() = default;
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  virtual ~session() = default;

  virtual core::result<std::vector<store::migrations::migration_state>> migrate() = 0;
  virtual core::result<std::vector<store::migrations::migration_state>> migration_status() = 0;
  virtual core::result<status::status_view> status() = 0;
  // No range: from sync.start to what should be proven by now. No account: all configured ones.
  virtual core::result<status::coverage_view> coverage(std::optional<core::second> from, std::optional<core::second> to,
                                                       std::optional<std::string> account) = 0;
  // An account that fails does not keep the others from being swept.
  virtual core::result<tasks::sweep_result> sweep(const tasks::sweep_order& order,
                                                  const tasks::progress_listener& listener) = 0;

  // Backfill jobs, which the daemon that leads works. No account: one job for each configured account. `by`: who asks.
  virtual core::result<std::vector<store::jobs::backfill_job>> create_jobs(std::optional<std::string> account,
                                                                           core::window range, std::string by) = 0;
  // Newest first, 200 at most.
  virtual core::result<std::vector<store::jobs::backfill_job>> jobs(bool open_only) = 0;
  virtual core::result<store::jobs::backfill_job> job(std::int64_t id) = 0;
  virtual core::result<store::jobs::backfill_job> steer_job(std::int64_t id, store::jobs::job_wish wish,
                                                            std::string by) = 0;
  // Until none of them is open any more.
  virtual core::result<tasks::awaited_jobs> await_jobs(const std::vector<store::jobs::backfill_job>& jobs,
                                                       const tasks::job_listener& listener) = 0;
  // Asks the API, once an account.
  virtual core::result<std::vector<tasks::backfill_estimate>> estimate(std::optional<std::string> account,
                                                                       core::window range) = 0;

  // What could not be stored as it came; newest first, 1,000 at most.
  virtual core::result<std::vector<store::maintenance::quarantined>> quarantine(bool open_only) = 0;
  virtual core::result<store::maintenance::quarantined> quarantined_value(std::int64_t id) = 0;
  // No id: all that are open. Whole orders are read from the API again, the rest from their stored payloads.
  virtual core::result<tasks::retry_result> retry(std::optional<std::int64_t> id) = 0;
  // Goes on where the same replay by the same `program` stood; see store::maintenance::maintenance.
  virtual core::result<tasks::replay_result> replay(std::optional<core::second> from, std::optional<core::second> to,
                                                    std::string program, const tasks::replay_listener& listener) = 0;
  // An account that fails does not keep the others from being compared.
  virtual core::result<tasks::verify_result> verify(const tasks::verify_order& order,
                                                    const tasks::verify_listener& listener) = 0;
  // By the configuration's retention; failure::input when that is off.
  virtual core::result<tasks::retention_result> retention(bool dry_run, const tasks::retention_listener& listener) = 0;
  virtual core::result<store::maintenance::erased_order> erase_order(std::int64_t id) = 0;
  virtual core::result<store::maintenance::erasure> erase_mobile(std::string mobile) = 0;

  // "2024-05-07" (in the API's zone) or "2024-05-07T09:52:00+08:00".
  virtual core::result<core::second> parse_time(std::string_view text) const = 0;
  // A moment as people here write it, in the API's zone, to be pasted into a command: "2024-05-07T09:52:00+08:00".
  virtual std::string local_text(core::second t) const = 0;
  virtual std::vector<std::string> account_names() const = 0;
};

}  // namespace ordersync::app
