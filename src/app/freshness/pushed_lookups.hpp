#pragma once
// Looks orders up that push messages named: finds in the mirror which order a number means, asks the API for it, and
// stores what it shows by the usual transaction. An order that is in the mirror as the API shows it costs no write.
//
// A number that the mirror does not know is 1688's number of a young order, or the vendor's id of one: the newest
// window shows orders by any number, then 1688's number is looked up in the last day.
//
// One I/O thread. What is given outlives it.

#include "app/freshness/pushed_commits.hpp"
#include "app/freshness/pushed_orders.hpp"
#include "app/freshness/request_pace.hpp"
#include "config/settings.hpp"
#include "store/store.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/ports.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ordersync::app::freshness {

class pushed_lookups {
 public:
  struct dependencies {
    store::database& database;
    sync::flow::request_gate& turns;
    core::log& log;
    sync::order_source& source;
    std::function<core::second()> server_now;
    std::function<sync::evidence::known_limits()> limits;
  };
  struct rules {
    std::string account;
    std::chrono::milliseconds request_timeout{30'000};
    int page_size = 50;
    std::size_t in_flight = 1;               // look-ups at once
    std::size_t accounts = 1;                // that share the rate
    std::set<std::string> sharing_secret{};  // other accounts, whose messages come here, too
  };

  pushed_lookups(dependencies around, rules how);

  // One result for each, in order. A failure is logged. Where it may be the account's, nothing more is asked.
  boost::asio::awaitable<std::vector<looked_up_order>> look_up(std::vector<pushed_orders::due_order> orders);
  void stop() noexcept;

  // How many are worth taking at once: what takes about half a second.
  std::size_t worth_taking() const noexcept;

 private:
  boost::asio::awaitable<core::result<void>> locate(std::vector<look_up_job>& jobs);
  boost::asio::awaitable<void> run_all(std::vector<boost::asio::awaitable<void>> tasks);
  boost::asio::awaitable<void> read_newest(std::vector<look_up_job>& jobs);
  boost::asio::awaitable<core::result<void>> read_newest_pages(std::vector<look_up_job>& jobs);
  boost::asio::awaitable<void> ask_all(std::vector<look_up_job>& jobs);
  boost::asio::awaitable<void> ask_some(std::vector<look_up_job>& jobs, std::size_t& next);
  boost::asio::awaitable<core::result<void>> ask(look_up_job& of);
  boost::asio::awaitable<core::result<void>> ask_by_number(look_up_job& of, std::string number, core::window around);
  boost::asio::awaitable<core::result<void>> ask_by_creation(look_up_job& of);
  core::window last(std::chrono::seconds length) const;
  static bool is_unknown(const look_up_job& one);
  static core::result<void> conclude(look_up_job& of, core::result<sync::page>& reply);
  static void take(look_up_job& of, sync::page& from);
  void fail(look_up_job& of, const core::error& why);
  void give_up(const core::error& why);
  void log_failure(const core::error& why);

  dependencies around_;
  const rules rules_;
  request_pace pace_;
  sync::flow::gated_requests requests_;
  std::list<boost::asio::cancellation_signal> ends_;
  std::uint64_t successes_ = 0;  // of the account, when a request failed last
  bool failed_ = false;          // the present call is given up
  bool stopping_ = false;
};

}  // namespace ordersync::app::freshness
