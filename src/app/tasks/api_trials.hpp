#pragma once
// One account's trials of the API (see sync/trial.hpp), performed: asks behind the rate gate, keeps what was found in
// the database, takes back proof that turned out wrong, and reports both in the log.
//
// One I/O thread. What is given outlives it; one trial at a time.

#include "app/setup/loading.hpp"
#include "core/log.hpp"
#include "store/store.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/ports.hpp"
#include "sync/trials/trial.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::tasks {

class api_trials {
 public:
  struct dependencies {
    const setup::configuration& from;
    store::database& database;
    sync::flow::request_gate& turns;
    core::log& log;
    std::function<core::instant()> observed_now;
    sync::flow::urgency how = sync::flow::urgency::backfill;
    bool outlast = false;  // what passes is waited for without end, as a daemon does
  };
  // What a trial took back: the windows whose proof fell.
  using retracted = std::vector<core::window>;

  api_trials(dependencies around, std::size_t index);

  // What earlier runs have found out. Before the first trial.
  boost::asio::awaitable<core::result<void>> load();

  // What is due of `range`, if anything is. Fails with what kept the API from answering.
  boost::asio::awaitable<core::result<retracted>> perform_due(sync::order_source& source, core::window range);
  // All of it, due or not: after a sweep that needed more than was shown.
  boost::asio::awaitable<core::result<retracted>> perform_again(sync::order_source& source, core::window range);
  // Whether the filter still holds, due or not: at the end of what was proven since it was tried.
  boost::asio::awaitable<core::result<retracted>> confirm(sync::order_source& source);
  // Takes back what was proven because of this, and has everything tried again.
  boost::asio::awaitable<core::result<retracted>> contradict(sync::trials::contradiction what,
                                                             std::optional<core::instant> proven_since = {});
  // Orders that the mirror holds, the newest first.
  boost::asio::awaitable<core::result<std::vector<sync::evidence::witness>>> stored_orders(int count);
  // One request behind the gate, tried again where that may help.
  boost::asio::awaitable<core::result<sync::page>> ask(sync::order_source& source, sync::page_request request);

  core::instant observed_now() const { return around_.observed_now(); }
  // The last trial found everything out.
  bool sound() const noexcept { return known_.trial_reason().empty() && known_.filter_reason().empty(); }
  bool due() const {
    return known_.trial_due(around_.observed_now()) || known_.filter_trial_due(around_.observed_now());
  }
  sync::evidence::evidence& known() noexcept { return known_; }
  const sync::evidence::evidence& known() const noexcept { return known_; }
  // Ends what waits to be tried again.
  void stop() noexcept;

 private:
  boost::asio::awaitable<core::result<retracted>> perform(sync::order_source& source,
                                                          std::optional<core::window> range);
  boost::asio::awaitable<core::result<retracted>> conclude(sync::trials::trial_report report, bool whole);
  boost::asio::awaitable<core::result<void>> keep(const sync::evidence::learnt_limit& limit);
  // What sweeps have found by themselves.
  boost::asio::awaitable<core::result<void>> keep_learnt();
  const std::string& account() const;

  dependencies around_;
  std::size_t index_;
  std::function<std::uint64_t()> random_;
  sync::flow::gated_requests requests_;
  sync::evidence::known_limits by_hand_;
  sync::evidence::evidence known_;
  std::map<std::string, std::optional<std::int64_t>> reported_limits_;  // by name
  std::string reported_;  // the last reason for which a trial could not find everything out
};

}  // namespace ordersync::app::tasks
