#pragma once
// One sweep of all accounts, one after the other: what `sync` and `backfill --foreground` do.

#include "app/runtime/stop_signal.hpp"
#include "app/tasks/api_trials.hpp"
#include "app/tasks/sweep_views.hpp"
#include "app/tasks/task_dependencies.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/sweep/sweep_runner.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>

namespace ordersync::app::tasks {

class sweeping {
 public:
  explicit sweeping(task_dependencies around);

  // Fails only when nothing could be begun.
  boost::asio::awaitable<core::result<sweep_result>> perform(const sweep_request& request,
                                                             const progress_listener& listener);

  // Ends `perform` soon. From the I/O thread.
  void stop() { stop_.request(); }

 private:
  boost::asio::awaitable<account_result> sweep_account(std::size_t index, const sweep_request& request,
                                                       const progress_listener& listener);
  boost::asio::awaitable<core::result<std::vector<core::window>>> ranges_of(const config::account& account,
                                                                            const core::window& range,
                                                                            bool only_unproven);
  boost::asio::awaitable<core::result<void>> sweep_in_rounds(std::size_t index, const sweep_request& request,
                                                             const progress_listener& listener,
                                                             sync::order_source& source, api_trials& trials,
                                                             account_result& result);
  boost::asio::awaitable<core::result<api_trials::retracted>> perform(sync::sweep::sweep& plan, std::size_t index,
                                                                      sync::order_source& source, api_trials& trials,
                                                                      const progress_listener& listener);
  core::window settled(const sweep_request& request, const sync::evidence::known_limits& limits) const;

  task_dependencies around_;
  runtime::stop_signal stop_{[this] { around_.database.close(); }};
  std::function<core::instant()> now_;           // the wall clock: what may be asked for
  std::function<core::instant()> observed_now_;  // set once the database has been asked
  sync::flow::request_gate turns_;
  std::map<std::size_t, std::unique_ptr<api_trials>> kept_trials_;  // by the account's index
};

}  // namespace ordersync::app::tasks
