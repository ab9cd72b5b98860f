#pragma once
// One run of a command: the configuration read, the log opened, the database at hand, signals heeded. The composition
// root: concrete classes of several rooms meet here and nowhere else.
//
// Every call blocks until it is done and belongs to the thread that opened the session. SIGTERM or SIGINT make the call
// in hand end soon, with the transaction in hand finished, within 5 s; a second signal ends the process at once.

#include "app/setup/loading.hpp"
#include "app/tasks/care_views.hpp"
#include "app/tasks/completeness.hpp"
#include "app/tasks/limits.hpp"
#include "core/error.hpp"
#include "store/jobs.hpp"
#include "store/migrator.hpp"
#include "store/reports.hpp"
#include "sync/ports.hpp"
#include "sync/sweep.hpp"

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

struct account_view {
  store::account_status stored;
  completeness complete;
  bool configured = true;  // false: the database knows it, the configuration does not
  // The proof that is stored is for something else than the configuration asks, and so counts for nothing here.
  bool other_question = false;
  std::vector<limit_view> limits;  // of the API, by name
  std::chrono::seconds settle{0};  // an order is read so long after its creation at the earliest
  // Why the last trial of the API could not show all that proof rests on; empty: it could, as far as is known.
  std::string untried;
  // So many orders were missing at once that the API most likely leaves them out: the last report, while it counts.
  std::optional<store::trouble> missing_in_mass;

  // Whether something speaks against what is called proven.
  bool in_doubt() const { return stored.open_contradictions > 0 || !untried.empty() || missing_in_mass.has_value(); }
  bool sound() const { return complete.complete() && !in_doubt(); }
};

struct status_view {
  core::instant at{};
  std::vector<account_view> accounts;  // the configured ones first, in their order
  store::status_report totals;
  std::string overload;                        // why sync.rate cannot suffice; empty: it can
  bool incomplete = false;                     // a gap, something quarantined, or a doubt about what is proven
  std::chrono::milliseconds patience{60'000};  // an account that has had no success for longer is in trouble
};

struct coverage_view {
  std::vector<store::coverage_report> accounts;
  bool incomplete = false;
};

struct sweep_order {
  sync::sweep_kind kind = sync::sweep_kind::live;
  std::optional<core::window> range = std::nullopt;   // none: from sync.start to now
  bool only_unproven = true;                          // leave out what is proven already
  std::optional<std::string> account = std::nullopt;  // none: all
};

// What is told while a sweep runs, about five times a second, and once at its end.
using progress_listener = std::function<void(std::string_view account, const sync::sweep_progress&)>;

struct account_result {
  std::string account;
  core::window range;  // what was swept, cut at what is settled
  sync::sweep_progress progress;
  std::optional<core::error> stopped_by;    // ended early
  std::optional<core::error> last_failure;  // a reply nobody understood cost a window
  std::int64_t open_quarantine = 0;         // of the account, whenever it got there
};

struct sweep_result {
  std::vector<account_result> accounts;
  bool interrupted = false;  // by a signal
};

// What a backfill would cost an account, by the API's own count.
struct backfill_estimate {
  std::string account;
  std::int64_t orders = 0;
  std::int64_t calls = 0;
  std::chrono::seconds time{0};  // with all of sync.rate to itself
};

// What is told of a job that is waited for, about twice a second.
using job_listener = std::function<void(const store::backfill_job&)>;

struct awaited_jobs {
  std::vector<store::backfill_job> jobs;  // as they were last seen
  bool interrupted = false;               // by a signal: they go on
};

class session {
 public:
  // Or everything that is wrong with the configuration, the secret files included, a line each. Opens no connection.
  // One opened for a look waits for a database that is away for seconds, not for a minute, and must not be asked for
  // anything that needs the API.
  static boost::system::result<std::unique_ptr<session>, std::vector<std::string>> open(
      const std::filesystem::path& config_file, purpose of = purpose::work);

  session() = default;
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  virtual ~session() = default;

  virtual core::result<std::vector<store::migration_state>> migrate() = 0;
  virtual core::result<std::vector<store::migration_state>> migration_status() = 0;
  virtual core::result<status_view> status() = 0;
  // No range: from sync.start to what should be proven by now. No account: all configured ones.
  virtual core::result<coverage_view> coverage(std::optional<core::second> from, std::optional<core::second> to,
                                               std::optional<std::string> account) = 0;
  // An account that fails does not keep the others from being swept.
  virtual core::result<sweep_result> sweep(const sweep_order& order, const progress_listener& listener) = 0;

  // Backfill jobs, which the daemon that leads works. No account: one job for each configured account. `by`: who asks.
  virtual core::result<std::vector<store::backfill_job>> create_jobs(std::optional<std::string> account,
                                                                     core::window range, std::string by) = 0;
  // Newest first, 200 at most.
  virtual core::result<std::vector<store::backfill_job>> jobs(bool open_only) = 0;
  virtual core::result<store::backfill_job> job(std::int64_t id) = 0;
  virtual core::result<store::backfill_job> steer_job(std::int64_t id, store::job_wish wish, std::string by) = 0;
  // Until none of them is open any more.
  virtual core::result<awaited_jobs> await_jobs(const std::vector<store::backfill_job>& jobs,
                                                const job_listener& listener) = 0;
  // Asks the API, once an account.
  virtual core::result<std::vector<backfill_estimate>> estimate(std::optional<std::string> account,
                                                                core::window range) = 0;

  // What could not be stored as it came; newest first, 1,000 at most.
  virtual core::result<std::vector<store::quarantined>> quarantine(bool open_only) = 0;
  virtual core::result<store::quarantined> quarantined_value(std::int64_t id) = 0;
  // No id: all that are open. Whole orders are read from the API again, the rest from their stored payloads.
  virtual core::result<retry_result> retry(std::optional<std::int64_t> id) = 0;
  // Goes on where the same replay by the same `program` stood; see store::caretaker.
  virtual core::result<replay_result> replay(std::optional<core::second> from, std::optional<core::second> to,
                                             std::string program, const replay_listener& listener) = 0;
  // An account that fails does not keep the others from being compared.
  virtual core::result<verify_result> verify(const verify_order& order, const verify_listener& listener) = 0;
  // By the configuration's retention; failure::input when that is off.
  virtual core::result<retention_result> retention(bool dry_run, const retention_listener& listener) = 0;
  virtual core::result<store::erased_order> erase_order(std::int64_t id) = 0;
  virtual core::result<store::erasure> erase_mobile(std::string mobile) = 0;

  // "2024-05-07" (in the API's zone) or "2024-05-07T09:52:00+08:00".
  virtual core::result<core::second> parse_time(std::string_view text) const = 0;
  // A moment as people here write it, in the API's zone, to be pasted into a command: "2024-05-07T09:52:00+08:00".
  virtual std::string local_text(core::second t) const = 0;
  virtual std::vector<std::string> account_names() const = 0;
};

}  // namespace ordersync::app
