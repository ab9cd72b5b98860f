#pragma once
// The daemon: one of any number on the same database leads, and all that can share the accounts. What it knows is in
// the database, so that whoever leads or owns an account next goes on where the last one was.
//
// Whatever is waited for, the looks at the database go on: they show the service manager and /healthz that this process
// lives. So nothing that a look awaits may wait for the database for long; what may is done beside it.
//
// One I/O thread.

#include "app/daemon/daemon_state.hpp"
#include "app/daemon/leader_tenure.hpp"
#include "app/daemon/worker_tenure.hpp"
#include "app/runtime/task_group.hpp"
#include "app/setup/loading.hpp"
#include "app/telemetry/recent_problems.hpp"
#include "app/telemetry/request_history.hpp"
#include "service/logging.hpp"
#include "store/leadership/leader_election.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::daemon {

class process {
 public:
  // `log`, `observers`, `problems`, the warnings and errors logged so far, and `requests`, as the API answered them,
  // outlive it. `file` is read again on reload().
  process(boost::asio::any_io_executor executor, setup::configuration_files files, setup::configuration loaded,
          store::leadership::instance self, service::stderr_log& log, telemetry::observer& observers,
          const telemetry::recent_problems& problems, const telemetry::request_history& requests);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  // Until it is stopped; throws on a defect only. That the database or the API is away is no reason to end.
  boost::asio::awaitable<void> run();

  // Ends `run` soon, with the transaction in hand finished.
  void stop();
  // When that took too long: whatever waits for the database is given up.
  void cut() noexcept;
  // Reads configuration and secrets again. Errors in them are logged, and the old ones stay in force.
  void reload();
  // Called with the new configuration whenever it was taken over.
  void on_reload(std::function<void(const setup::configuration&)> taken) { taken_over_ = std::move(taken); }

  // As it is in force.
  const setup::configuration& configuration() const noexcept { return configuration_; }
  // Push messages were stored: the account's workers, where there are any, need not find them by themselves.
  void look_for_messages() noexcept {
    if (workers_) workers_->look_for_messages();
  }

  daemon_state state() const;

  // Reads the orders of a number from the API now, see orders/refresh.hpp; none: this process owns no account.
  boost::asio::awaitable<std::optional<orders::refresh_desk::answer>> refresh_order(std::string number);

 private:
  boost::asio::awaitable<void> watch();
  boost::asio::awaitable<core::result<void>> look();
  boost::asio::awaitable<core::result<void>> lead(const store::leadership::sighting& seen);
  boost::asio::awaitable<core::result<void>> share(const store::leadership::sighting& seen);
  boost::asio::awaitable<void> check_schema();
  void settle(const std::optional<store::leadership::leader_info>& leader);
  void prepare_beside();
  boost::asio::awaitable<void> prepare();
  boost::asio::awaitable<core::result<void>> become_leader();
  void step_down();
  boost::asio::awaitable<void> see_out();
  void end_work();
  boost::asio::awaitable<void> see_workers_out();
  void apply_reload();
  bool broken() const;
  void warn_of_clock(core::instant database_time);
  boost::asio::awaitable<void> breathe();
  boost::asio::awaitable<void> show_life();
  void open_database();
  void pass_on(const std::vector<store::jobs::backfill_job>& jobs);
  boost::asio::awaitable<void> refuse(std::int64_t job, std::string account);
  void settle(const std::string& status);

  boost::asio::any_io_executor executor_;
  setup::configuration_files files_;
  setup::configuration configuration_;
  service::stderr_log& log_;
  telemetry::observer& observers_;
  const telemetry::recent_problems& problems_;
  const telemetry::request_history& requests_;
  std::function<void(const setup::configuration&)> taken_over_ = [](const setup::configuration&) {};
  store::leadership::instance self_;
  std::unique_ptr<store::database> database_;
  std::unique_ptr<store::leadership::leader_election> election_;
  std::unique_ptr<store::database> migrator_;    // while the schema is brought up to date
  std::optional<core::result<void>> prepared_;   // what came of that
  std::int64_t epoch_ = 0;                       // the last that was ours
  std::function<core::instant()> observed_now_;  // see sync::sweep::dependencies::now; once there was an epoch
  std::unique_ptr<leader_tenure> tenure_;        // while this process leads
  std::unique_ptr<leader_tenure> leaving_;  // was asked to end; a transaction may be waiting for the database still
  std::unique_ptr<worker_tenure> workers_;  // while this process may own accounts
  std::unique_ptr<worker_tenure> workers_leaving_;  // was asked to end; a commit may be waiting for the database still
  sync::sharing::worker_watch watch_;               // what the last of them has seen
  std::unique_ptr<setup::configuration> reloaded_;

  boost::asio::steady_timer rest_;
  boost::asio::steady_timer pulse_;
  runtime::task_group tasks_;
  std::chrono::steady_clock::time_point looked_at_{};
  std::optional<core::result<void>> looked_;     // the last look
  std::optional<leader_seen> leader_seen_;       // another one
  std::vector<store::jobs::backfill_job> jobs_;  // open ones, at the last look
  std::string logged_leader_;
  bool clock_logged_ = false;
  bool settled_ = false;
  bool schema_current_ = false;  // seen by the leader, or by check_schema()
  bool checks_schema_ = false;
  bool has_worked_ = false;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
