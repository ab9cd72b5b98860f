#pragma once
// One sweep of all accounts, one after the other: what `sync` and `backfill --foreground` do.

#include "app/setup/loading.hpp"
#include "app/setup/wiring.hpp"
#include "app/tasks/api_trials.hpp"
#include "app/tasks/sweep_views.hpp"
#include "store/store.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/sweep/sweep_runner.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>

namespace ordersync::app::tasks {

class sweeping {
 public:
  // Everything outlives it.
  sweeping(boost::asio::any_io_executor executor, const setup::configuration& from, store::database& database,
           core::log& log, setup::source_maker make_api = setup::make_source);

  // Fails only when nothing could be begun.
  boost::asio::awaitable<core::result<sweep_result>> perform(const sweep_request& request,
                                                             const progress_listener& listener);

  // Ends `perform` soon. From the I/O thread.
  void stop();

 private:
  boost::asio::awaitable<account_result> sweep_account(std::size_t index, const sweep_request& request,
                                                       const progress_listener& listener);
  boost::asio::awaitable<core::result<std::vector<core::window>>> ranges_of(const config::account& account,
                                                                            const core::window& range,
                                                                            bool only_unproven);
  boost::asio::awaitable<core::result<void>> sweep_in_rounds(std::size_t index, const sweep_request& request,
                                                             const progress_listener& listener, api_trials& trials,
                                                             account_result& result);
  boost::asio::awaitable<core::result<api_trials::retracted>> perform(sync::sweep::sweep& plan, std::size_t index,
                                                                      api_trials& trials,
                                                                      const progress_listener& listener);
  core::window settled(const sweep_request& request, const sync::evidence::known_limits& limits) const;

  boost::asio::any_io_executor executor_;
  const setup::configuration& configuration_;
  store::database& database_;
  core::log& log_;
  setup::source_maker make_api_;
  std::function<core::instant()> now_;           // the wall clock: what may be asked for
  std::function<core::instant()> observed_now_;  // set once the database has been asked
  sync::flow::request_gate turns_;
  sync::order_source* source_ = nullptr;  // while an account is swept
  sync::sweep::sweep_runner* sweeper_ = nullptr;
  api_trials* trials_ = nullptr;
  std::map<std::size_t, std::unique_ptr<api_trials>> kept_trials_;  // by the account's index
  bool stopping_ = false;
};

}  // namespace ordersync::app::tasks
