#pragma once
// One task of an account's schedule under way: the sweep, what performs it, and what hears of its commits.
//
// One I/O thread. What is given outlives it.

#include "app/telemetry/metering.hpp"
#include "store/store.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/schedule/task.hpp"
#include "sync/sweep/sweep_runner.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ordersync::app::daemon {

// A window that was handed to the store.
struct handed_window {
  core::window window;
  std::optional<core::window> proven;
  sync::sweep_outcome outcome = sync::sweep_outcome::unproven;
  core::second read_at{};                    // when its first request left
  std::optional<sync::missing_order> shown;  // an order of it that can be looked up
};

// Called with what the store has answered, before the sweep hears of it. `summary` lives until it is done.
using commit_listener = std::function<boost::asio::awaitable<void>(std::optional<std::int64_t> job, handed_window what,
                                                                   const core::result<sync::commit_summary>& summary)>;

// Names the job to the database, and reports what was stored.
class reporting_store final : public sync::order_store {
 public:
  reporting_store(store::database& database, std::optional<std::int64_t> job, commit_listener listener);

  boost::asio::awaitable<core::result<sync::commit_summary>> commit(sync::window_batch batch) override;

 private:
  store::database& database_;
  std::optional<std::int64_t> job_;
  commit_listener listener_;
};

class running_sweep {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    store::database& database;
    sync::order_source& source;
    sync::flow::request_gate& turns;
    core::log& log;
    std::function<core::instant()> observed_now;
    telemetry::observer& observers;
    sync::evidence::evidence& known;
    commit_listener listener;
  };

  // How urgent its requests are and how they share turns is the task's to say, not `how`'s.
  running_sweep(dependencies around, const std::string& account, sync::schedule::task task,
                sync::sweep::sweep_rules rules, sync::sweep::sweep_runner_rules how);

  const sync::schedule::task due;

 private:
  reporting_store store_;
  telemetry::metered_store metered_;

 public:
  sync::sweep::sweep plan;
  sync::sweep::sweep_runner performer;
  bool job_stopped = false;          // its job was paused or cancelled
  std::int64_t before = 0;           // orders of its job when it began
  std::int64_t expected_stored = 0;  // orders that the API counts in what it sweeps, as far as the job knows
};

// Requests that a live window takes on average of late: what is known of it, and what `ended` took if it was one.
std::optional<double> live_cost(std::optional<double> before, const running_sweep& ended);

}  // namespace ordersync::app::daemon
