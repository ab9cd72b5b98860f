#pragma once
// The accounts that this process works: takes and hands over as sync/sharing decides, and runs a worker for each one
// that it holds. They share one request gate, which lets through no more than this process's slice of the rate.
//
// One I/O thread. What is given outlives it, and it outlives what it started: stop(), join(), and only then the end.

#include "app/daemon/account_worker.hpp"
#include "app/daemon/daemon_state.hpp"
#include "app/daemon/problem_keeper.hpp"
#include "app/daemon/proof_watch.hpp"
#include "app/daemon/quarantine_watch.hpp"
#include "app/orders/refresh_desk.hpp"
#include "app/runtime/task_group.hpp"
#include "app/telemetry/request_history.hpp"
#include "store/leadership/leader_election.hpp"
#include "store/store.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/sharing/account_sharing.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::app::daemon {

class worker_tenure {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    store::database& database;
    store::leadership::leader_election& election;
    core::log& log;
    telemetry::observer& observers;
    const telemetry::recent_problems& problems;
    const telemetry::request_history& requests;  // of this process
    const store::leadership::instance& self;
    sync::sharing::worker_watch watch;  // of the tenure before
  };

  // From the next look of the election on this process is a worker.
  explicit worker_tenure(const dependencies& around);
  worker_tenure(const worker_tenure&) = delete;
  worker_tenure& operator=(const worker_tenure&) = delete;

  // Performs what follows from a look. Failures as those of the election.
  boost::asio::awaitable<core::result<void>> share(const sync::sharing::view& seen);
  // Gives back what has ended and is still ours. The same failures.
  boost::asio::awaitable<core::result<void>> release_ended();

  // The database was away: it may have lost commits that the work here counts on. The work ends, and what is still held
  // begins anew from what the database has.
  void interrupt();
  // Ends all of it soon, with the transactions in hand finished. No request leaves from here on.
  void stop();
  // Whatever waits for the database over a session of its own is given up.
  void cut() noexcept { proofs_.cut(); }
  // Until all of it has ended, with each account given back as soon as its work has; throws on a defect.
  boost::asio::awaitable<void> join();
  // A part ended by a defect, which join() throws.
  bool broken() const noexcept { return tasks_.broken(); }

  // The open jobs of all accounts, oldest first, as the database knows them.
  void set_jobs(const std::vector<store::jobs::backfill_job>& jobs);
  // This process stored push messages.
  void look_for_messages() noexcept;
  // Whether a daemon that lives has this account in its configuration.
  bool is_known(const std::string& account) const;
  // Whether an account is worked here.
  bool works() const;
  // What was seen of other workers, for the next tenure.
  const sync::sharing::worker_watch& watch() const noexcept { return sharing_.watch(); }

  // "; main: complete through 2026-11-02T...": of each account, for the service manager's status.
  std::string progress() const;
  // See refresh_desk. Whoever awaits it may outlive the tenure.
  boost::asio::awaitable<orders::refresh_desk::answer> refresh_order(std::string number) {
    return desk_.refresh(std::move(number));
  }
  // Sets what is known of the accounts, the requests and the owners.
  void add_to(daemon_state& state) const;

 private:
  struct holding {
    std::string account;
    std::int64_t epoch = 0;
    bool release = false;  // the lease is to be given back when the work has ended
    bool ending = false;
    bool ended = false;
    std::unique_ptr<account_worker> worker;
  };

  boost::asio::awaitable<core::result<void>> take(std::vector<sync::sharing::lease> list);
  boost::asio::awaitable<core::result<void>> share_rate();
  boost::asio::awaitable<core::result<void>> begin_held();
  boost::asio::awaitable<void> run(holding& one);
  void end(const std::string& account, bool release);
  bool has_ended() const;
  void use_rate();
  holding* find(const std::string& account);
  const holding* find(const std::string& account) const;
  std::string absence_of(const std::string& account) const;
  void add_source(const std::string& account);
  std::vector<store::reports::api_state> api_states() const;

  dependencies around_;
  sync::sharing::account_sharing sharing_;
  sync::sharing::view seen_;
  sync::flow::request_gate turns_;
  runtime::places trial_places_;
  std::list<holding> holdings_;
  std::map<std::string, std::int64_t> logged_;  // epochs
  std::vector<store::jobs::backfill_job> jobs_;
  quarantine_watch quarantine_;
  proof_watch proofs_;
  problem_keeper problem_keeper_;
  runtime::task_group tasks_;
  boost::asio::steady_timer ended_;
  orders::refresh_desk desk_;
  std::chrono::steady_clock::time_point since_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
