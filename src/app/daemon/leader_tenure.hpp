#pragma once
// All that works while this process leads: a worker for each account, and what keeps the database in order beside them.
//
// One I/O thread. What is given outlives it, and it outlives what it started: stop(), join(), and only then the end.

#include "app/daemon/account_worker.hpp"
#include "app/daemon/daemon_state.hpp"
#include "app/daemon/problem_keeper.hpp"
#include "app/daemon/proof_watch.hpp"
#include "app/daemon/quarantine_watch.hpp"
#include "app/daemon/retention_keeper.hpp"
#include "app/orders/refresh_desk.hpp"
#include "app/runtime/task_group.hpp"
#include "store/store.hpp"
#include "sync/flow/request_gate.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::app::daemon {

class leader_tenure {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    store::database& database;
    core::log& log;
    std::function<core::instant()> observed_now;  // see sync::sweep::dependencies::now
    telemetry::observer& observers;
    const telemetry::recent_problems& problems;
    const store::leadership::instance& self;
  };

  // Begins to work.
  explicit leader_tenure(const dependencies& around);
  leader_tenure(const leader_tenure&) = delete;
  leader_tenure& operator=(const leader_tenure&) = delete;

  // Ends it soon, with the transactions in hand finished.
  void stop();
  // Whatever waits for the database over a session of its own is given up.
  void cut() noexcept { proofs_.cut(); }
  // Until all of it has ended; throws on a defect.
  boost::asio::awaitable<void> join();
  // A part ended by a defect, which join() throws.
  bool broken() const noexcept { return tasks_.broken(); }

  // The open jobs of all accounts, oldest first, as the database knows them.
  void set_jobs(const std::vector<store::jobs::backfill_job>& jobs);
  // This process stored push messages.
  void look_for_messages() noexcept;
  // Whether the configuration has this account.
  bool knows(const std::string& account) const;

  // "; main: complete through 2026-11-02T...": of each account, for the service manager's status.
  std::string progress() const;
  // See refresh_desk. Whoever awaits it may outlive the tenure.
  boost::asio::awaitable<orders::refresh_desk::answer> refresh_order(std::string number) {
    return desk_.refresh(std::move(number));
  }
  // Sets what is known only while this process leads, but for the epoch and the jobs.
  void add_to(daemon_state& state) const;

 private:
  const setup::configuration& from_;
  const store::database& database_;
  sync::flow::request_gate turns_;
  std::vector<std::unique_ptr<account_worker>> workers_;
  retention_keeper retention_;
  quarantine_watch quarantine_;
  proof_watch proofs_;
  problem_keeper problem_keeper_;
  runtime::task_group tasks_;
  boost::asio::steady_timer ended_;
  orders::refresh_desk desk_;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace ordersync::app::daemon
