#pragma once
// Checks an account's proven windows by counts for as long as the daemon leads (sync.recheck): finds which orders have
// changed their status without reading the others, and stores those. It only decides what is read again sooner:
// windows, their tiers and their proof stay as they are, and do not wait for it.
//
// The API's counts by status are tried first, once a day, and again when a check finds orders that they do not explain.
// Where they cannot be relied on, nothing is checked, and the state says why.
//
// What is known of windows is in memory: whoever leads next learns it anew, by checks that take a few requests more.
//
// One I/O thread. What is given outlives it.

#include "app/freshness/check_performing.hpp"
#include "app/freshness/count_questions.hpp"
#include "app/freshness/counts_trial.hpp"
#include "app/setup/loading.hpp"
#include "core/log.hpp"
#include "store/store.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/recheck/check_plan.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::app::freshness {

class count_checker {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    store::database& database;
    sync::flow::request_gate& turns;
    core::log& log;
    sync::order_source& source;
    const sync::evidence::evidence& known;
    std::function<core::second()> server_now;
    std::function<core::instant()> observed_now;
    std::function<const std::vector<core::window>&()> proven;  // ascending, disjoint
  };

  // For the account at `index` of the configuration.
  count_checker(dependencies around, std::size_t index);

  // Until it is stopped; throws on a defect only.
  boost::asio::awaitable<void> run();
  void stop() noexcept;

  // As of now; without updated_at.
  store::recheck::check_report state() const;

 private:
  template <class T>
  using answer = count_questions::answer<T>;

  boost::asio::awaitable<std::chrono::milliseconds> work();
  std::string obstacle() const;
  answer<void> cover();
  std::vector<core::window> to_cover() const;
  answer<std::vector<core::window>> quieted(std::vector<core::window> ranges);
  bool trial_due() const;
  answer<std::vector<core::window>> windows_to_try();
  answer<void> try_api();
  void conclude(const trial_finding& found);
  answer<void> check(core::window window);
  answer<void> cut();
  sync::recheck::plan_rules plan_rules_now() const;
  sync::recheck::check_rules check_rules_now() const;
  int page_size() const;
  std::vector<int> statuses() const;
  boost::asio::awaitable<void> write_state();
  boost::asio::awaitable<void> pause(std::chrono::milliseconds length);
  const std::string& account() const { return account_; }

  dependencies around_;
  const std::string account_;
  const config::recheck_settings settings_;
  count_questions ask_;
  check_performing performing_;
  sync::recheck::check_plan plan_;
  std::vector<core::window> proven_;   // what `covered_` was made of
  std::vector<core::window> covered_;  // the same, ending at quiet seconds

  store::recheck::check_state state_ = store::recheck::check_state::untried;
  std::string reason_;
  std::chrono::steady_clock::time_point trial_at_{};  // the next
  std::int64_t changes_ = 0;
  std::chrono::steady_clock::time_point written_at_{};
  std::optional<std::pair<store::recheck::check_state, std::string>> written_;  // with its reason
  boost::asio::steady_timer pause_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::freshness
