#pragma once
// One account's work while this process leads: asks the schedule what is due, sweeps it, and reports the outcome to the
// schedule. Several sweeps run at once, of different kinds; the request gate says whose requests go first.
//
// One I/O thread. What is given outlives the worker.

#include "app/daemon/account_jobs.hpp"
#include "app/daemon/api_clock.hpp"
#include "app/daemon/daemon_state.hpp"
#include "app/daemon/running_sweep.hpp"
#include "app/daemon/tier_watch.hpp"
#include "app/freshness/account_freshness.hpp"
#include "app/runtime/places.hpp"
#include "app/runtime/task_group.hpp"
#include "app/setup/loading.hpp"
#include "app/setup/wiring.hpp"
#include "app/tasks/api_trials.hpp"
#include "app/tasks/audit.hpp"
#include "app/tasks/missing_orders.hpp"
#include "app/telemetry/metering.hpp"
#include "store/store.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/schedule/schedule.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::daemon {

struct worker_dependencies {
  boost::asio::any_io_executor executor;
  const setup::configuration& from;
  store::database& database;
  sync::flow::request_gate& turns;
  core::log& log;
  std::function<core::instant()> observed_now;  // see sync::sweep::dependencies::now
  telemetry::observer& observers;
  setup::source_maker make_api = setup::make_source;
  setup::detail_maker make_details = setup::make_details;
  runtime::places* trial_places = nullptr;  // for trials of the API, which hold orders; null: as many as there are
};

class account_worker {
 public:
  // For the account at `index` of the configuration.
  account_worker(worker_dependencies around, std::size_t index);
  account_worker(const account_worker&) = delete;
  account_worker& operator=(const account_worker&) = delete;

  // Works until it is stopped; throws on a defect only. It logs what is in its way (the account's settings, rights in
  // the database) and tries again.
  boost::asio::awaitable<void> run();
  // Ends `run` soon: requests are abandoned, the transaction in hand is finished.
  void stop();

  // The account's open jobs, oldest first, as the database knows them.
  void set_jobs(const std::vector<store::jobs::backfill_job>& jobs);

  // This process stored push messages: see push_reader.
  void look_for_messages() noexcept;

  const std::string& name() const;
  // From sync.start to here everything is proven; none: not even the start, or nothing is known yet.
  std::optional<core::second> complete_through() const;
  // Jobs that are being worked or wait for their turn.
  std::size_t jobs() const noexcept { return jobs_.list().size(); }
  // The account's API, as the worker reads from it; none before it is prepared. And what it allows.
  sync::order_source* source() noexcept { return tracked_source_.get(); }
  // The same for details; none where they are not read either.
  sync::detail_source* details() noexcept { return metered_details_.get(); }
  const sync::evidence::known_limits& limits() const { return trials_.known().limits(); }
  // Without what only the database knows. Takes well under a millisecond.
  account_state state() const;

 private:
  boost::asio::awaitable<core::result<void>> prepare();
  core::result<void> open_sources();
  void start_what_is_due();
  void keep_fresh();
  boost::asio::awaitable<void> sweep(running_sweep& running);
  running_sweep::dependencies sweep_dependencies();
  boost::asio::awaitable<void> on_commit(std::optional<std::int64_t> job, handed_window what,
                                         const core::result<sync::commit_summary>& summary);
  boost::asio::awaitable<void> store_expected(std::int64_t job);
  core::second settled() const;
  boost::asio::awaitable<void> conclude_job(std::int64_t id);
  boost::asio::awaitable<void> forget_job(std::int64_t id);
  void try_what_is_due();
  boost::asio::awaitable<void> try_api();
  boost::asio::awaitable<void> perform_trial();
  void take_back(const std::vector<core::window>& windows);
  void look_up(const std::vector<sync::missing_order>& missing, std::optional<sync::missing_order> shown);
  boost::asio::awaitable<void> pause(std::chrono::milliseconds length);
  boost::asio::awaitable<void> wait_for_news();
  void wake();

  sync::schedule::moment now() const;

  worker_dependencies around_;
  std::size_t index_;
  api_clock clock_;
  std::unique_ptr<sync::order_source> source_;  // once prepared, as what follows
  std::unique_ptr<telemetry::metered_source> metered_;
  std::unique_ptr<clock_tracking_source> tracked_source_;
  std::unique_ptr<sync::detail_source> details_;  // where they are read
  std::unique_ptr<telemetry::metered_detail_source> metered_details_;
  std::optional<sync::schedule::schedule> schedule_;

  std::list<running_sweep> running_;
  account_jobs jobs_;
  std::optional<double> live_requests_;                             // see live_cost
  std::optional<std::chrono::steady_clock::time_point> proven_at_;  // the last time a proven window was committed

  tasks::api_trials trials_;
  bool trying_ = false;
  tier_watch tiers_;
  std::optional<tasks::audit> audit_;                      // once prepared
  std::optional<freshness::account_freshness> freshness_;  // once prepared

  tasks::missing_orders missing_;
  boost::asio::cancellation_signal end_of_look_ups_;

  boost::asio::steady_timer alarm_;
  std::list<boost::asio::steady_timer> pauses_;
  runtime::task_group tasks_;
  bool news_ = false;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
