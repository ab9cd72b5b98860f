#pragma once
// The destination: orders and their proof in PostgreSQL. The only room that uses SQL.
//
// Threads: everything that blocks runs on one thread of its own (the runner); the coroutines may be awaited from any
// executor and resume there. Operations are worked one after the other in the order they were asked for. The runner is
// bounded by its callers: each awaits its own operation.
//
// Errors: failure::database_down when the database cannot be reached or keeps failing for longer than the retry policy
// allows; failure::database when it refuses for good (the text names our operation and the SQLSTATE, never the server's
// words, which quote row values); failure::input when the settings do not fit the database (another configuration of
// the account is running, pending migrations). Never an exception for what the database does.
//
// Hazards: temporary tables and session settings are used, so a pooler in front must pool sessions, not transactions.

#include "core/log.hpp"
#include "store/coverage/account_scope.hpp"
#include "store/coverage/trials.hpp"
#include "store/details/details.hpp"
#include "store/feed/feed.hpp"
#include "store/jobs/jobs.hpp"
#include "store/maintenance/maintenance.hpp"
#include "store/migrations/distributed.hpp"
#include "store/migrations/migrator.hpp"
#include "store/pg/settings.hpp"
#include "store/push/messages.hpp"
#include "store/recheck/recheck.hpp"
#include "store/reports/order_report.hpp"
#include "store/reports/reporting_settings.hpp"
#include "store/reports/reports.hpp"
#include "sync/ports.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store {

class database : public sync::order_store {
 public:
  // Before the first commit, unproven or gap of an account. When the account's proof was for another scope, that is set
  // aside and the proof of this scope, if there ever was one, comes back.
  virtual boost::asio::awaitable<core::result<void>> open_account(coverage::account_scope account) = 0;

  // The parts of `range` that are not proven for the scope the account was opened with, ascending.
  virtual boost::asio::awaitable<core::result<std::vector<core::window>>> unproven(std::string account,
                                                                                   core::window range) = 0;

  virtual boost::asio::awaitable<core::result<reports::status_report>> status() = 0;
  // Of the account's current scope. failure::input when nothing is known of the account.
  virtual boost::asio::awaitable<core::result<reports::coverage_report>> coverage(std::string account,
                                                                                  core::window range) = 0;

  // Orders that have the number as their id, PandaPon's number or 1688's, by id, 20 at most; none: not in the mirror.
  // With `personal` their addresses too. Any text may be asked for.
  virtual boost::asio::awaitable<core::result<std::vector<reports::order_report>>> find_orders(std::string number,
                                                                                               bool personal) = 0;

  // Applies what is pending, then gives the roles that may read their rights (a warning in the log where an
  // administrator has to make them first); the steps applied now.
  virtual boost::asio::awaitable<core::result<std::vector<migrations::migration_state>>> migrate() = 0;
  // Spreads the orders over the nodes of a Citus cluster, after migrate; a second time there is nothing to do. In one
  // transaction, which copies what is there. failure::database with advice where the database is no such cluster.
  virtual boost::asio::awaitable<core::result<migrations::distributed>> distribute() = 0;
  // Every step the program knows, writing nothing.
  virtual boost::asio::awaitable<core::result<std::vector<migrations::migration_state>>> migration_status() = 0;
  // After migrate and whenever the configuration has changed; costs nothing when the database knows it already.
  virtual boost::asio::awaitable<core::result<void>> set_reporting(reports::reporting_settings settings) = 0;
  // failure::database with advice when a step is pending, or the orders are not distributed and settings::distributed
  // asks for it.
  virtual boost::asio::awaitable<core::result<void>> require_current() = 0;

  // For `doctor`. Reads; needs no schema.
  virtual boost::asio::awaitable<core::result<reports::health_report>> health() = 0;
  // Reads the latest orders; needs the current schema.
  virtual boost::asio::awaitable<core::result<reports::listing_report>> listing() = 0;
  // Writes a megabyte and takes it away again.
  virtual boost::asio::awaitable<core::result<void>> try_room() = 0;
  // How long each of so many commits took, one after the other; they leave nothing behind.
  virtual boost::asio::awaitable<core::result<std::vector<std::chrono::microseconds>>> time_commits(int count) = 0;

  // Operations asked for from now on that write are done in this epoch (see leader_election::assume): each of their
  // transactions first looks whether it still is the current one and ours, and otherwise writes nothing and fails with
  // failure::database. The next epoch waits for a transaction in hand. 0, as at the start: without an epoch, as
  // commands write. A daemon that lost the lead leaves the old epoch set. Any thread.
  virtual void lead(std::int64_t epoch) noexcept = 0;
  // The same for what belongs to an account, under its lease (see leader_election::take): from now on its writes are
  // done in this epoch, or not at all. An account that never was held is fenced by the leader's epoch. Any thread.
  virtual void hold(const std::string& account, std::int64_t epoch) = 0;
  // The database's clock, but never before the heartbeat of the last leader: after a failover it may be another
  // machine's. Ask before the leader's first look that follows assume().
  virtual boost::asio::awaitable<core::result<core::instant>> clock() = 0;

  // Proven reads of the account's current scope that ended at `since` or later, in the order they began; of reads of
  // the very same window the last alone. What was retracted is not among them until it is proven again.
  virtual boost::asio::awaitable<core::result<std::vector<reports::read_record>>> recent_reads(std::string account,
                                                                                               core::instant since) = 0;
  // Everything proven for the account's current scope: ascending, disjoint.
  virtual boost::asio::awaitable<core::result<std::vector<core::window>>> proven(std::string account) = 0;

  // One job for each account, and a word to the daemon that leads.
  virtual boost::asio::awaitable<core::result<std::vector<jobs::backfill_job>>> create_jobs(
      std::vector<std::string> accounts, core::window range, std::string requested_by) = 0;
  // Newest first, 200 at most.
  virtual boost::asio::awaitable<core::result<std::vector<jobs::backfill_job>>> jobs(bool open_only) = 0;
  // failure::input when there is none.
  virtual boost::asio::awaitable<core::result<jobs::backfill_job>> job(std::int64_t id) = 0;
  // What a person wants of a job, and a word to the daemon. Paused and failed jobs can be resumed, open ones paused and
  // cancelled; a job that is already in the requested state stays as it is. failure::input, with what is the matter,
  // otherwise. `by`: who requests it.
  virtual boost::asio::awaitable<core::result<jobs::backfill_job>> change_job(std::int64_t id, jobs::job_action action,
                                                                              std::string by) = 0;
  // Queued: it runs from now on. Running: it goes on. `expected_orders`, where set, replaces what was there. Nothing
  // happens to a job that was paused or cancelled meanwhile.
  virtual boost::asio::awaitable<core::result<void>> begin_job(std::int64_t id,
                                                               std::optional<std::int64_t> expected_orders) = 0;
  // Nothing happens to a job that is neither queued nor running: it was paused or cancelled meanwhile.
  virtual boost::asio::awaitable<core::result<void>> end_job(std::int64_t id, jobs::job_state end,
                                                             std::string reason) = 0;

  // Replaces what `status` shows of the account's tiers. `account` and `updated_at` of a report are not looked at.
  virtual boost::asio::awaitable<core::result<void>> write_tiers(std::string account,
                                                                 std::vector<reports::tier_report> tiers) = 0;

  // What a daemon reports of itself, for `status`: each problem takes the place of what the same process reported of
  // the same before, each state of the API that of the account.
  virtual boost::asio::awaitable<core::result<void>> write_problems(std::vector<reports::logged_problem> list,
                                                                    std::vector<reports::api_state> api) = 0;

  // The API was asked for these orders at `at` (when the request was sent) and does not know them any more. Left alone:
  // what is not the account's, is marked already, or may have been seen since. How many were marked; a commit that
  // shows one again takes the mark away.
  virtual boost::asio::awaitable<core::result<std::int64_t>> mark_vanished(std::string account,
                                                                           std::vector<std::int64_t> ids,
                                                                           core::instant at) = 0;

  // By account; who has no unresolved value is left out.
  virtual boost::asio::awaitable<core::result<std::map<std::string, maintenance::quarantine_counts>>>
  count_quarantine() = 0;
  // Operations asked for and not ended. Any thread.
  virtual std::size_t waiting() const noexcept = 0;

  // Erasing, quarantine, replay, verifying. Lives as long as the database, whose runner it works on.
  virtual maintenance::maintenance& maintenance() noexcept = 0;
  // Limits of the API, and trying the proof in other ways. As long as the database, too.
  virtual store::coverage::trials& trials() noexcept = 0;
  // What checks by counts need. As long as the database, too.
  virtual store::recheck::recheck& recheck() noexcept = 0;
  // The vendor's push messages. As long as the database, too.
  virtual push::messages& push_messages() noexcept = 0;
  // Changes in the order of commits, and exports. As long as the database, too.
  virtual store::feed::feed& feed() noexcept = 0;

  // The details of single orders: which are to be read, and storing them. As long as the database, too.
  virtual store::details::details& details() noexcept = 0;

  // From the next connection and the next transaction on. For reload; any thread.
  virtual void reconfigure(std::string password, std::vector<std::string> accounts,
                           std::optional<pg::detail_rules> details) = 0;

  // First step of shutdown, any thread: lets the transaction in hand finish, wakes whoever waits to try again, and
  // fails what follows with failure::database_down.
  virtual void close() noexcept = 0;
  // Second step, when that took too long: whatever waits for the database fails now. What cannot be cut is the look-up
  // of a host's name.
  virtual void cut() noexcept = 0;
};

// Connects when first needed. `log` outlives the database. The destructor closes, cuts, and joins the runner's thread;
// operations that are still awaited must have ended before.
std::unique_ptr<database> make_database(pg::settings s, core::log& log);

// Whether libpq understands the url, without connecting; refuses one that holds a password. The error never quotes it.
core::result<void> check_url(std::string_view url);

// The role that the url names, where it leads to a socket of this machine; empty otherwise. Peer authentication asks
// that the user of the process has this name.
std::string local_role(std::string_view url);

// Of the library that runs: "15.18".
std::string libpq_version();

}  // namespace ordersync::store
