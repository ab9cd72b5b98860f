#pragma once
// Looks orders up that push messages named: finds in the mirror which order a number means, asks the API for it, and
// stores what it shows by the usual transaction. An order that is in the mirror as the API shows it costs no write.
//
// A number that the mirror does not know is 1688's number of a young order, or the vendor's id of one: the newest
// window shows orders by any number, then 1688's number is looked up in the last day.
//
// One I/O thread. What is given outlives it.

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
#include <string>
#include <vector>

namespace ordersync::app::freshness {

// What came of one order.
struct looked_up_order {
  enum class finding {
    not_asked,  // the account or the database fails
    failed,     // this order's request, while others of the account succeed
    outdated,   // what is stored may be newer
    not_shown,
    unchanged,
    changed
  };
  finding what = finding::not_asked;
  core::integer id;
  std::optional<core::instant> read_at;
};

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
    std::size_t in_flight = 1;  // look-ups at once
    std::size_t accounts = 1;   // that share the rate
  };

  pushed_lookups(dependencies around, rules how);

  // One result for each, in order. A failure is logged. Where it may be the account's, nothing more is asked.
  boost::asio::awaitable<std::vector<looked_up_order>> look_up(std::vector<pushed_orders::due_order> orders);
  void stop() noexcept;

  // How many are worth taking at once: what takes about half a second.
  std::size_t worth_taking() const noexcept;

 private:
  struct job {
    pushed_orders::due_order asked;
    std::optional<store::push::known_order> known;
    std::optional<core::order> shown;
    looked_up_order result{};
    bool answered = false;
  };

  using same_orders = std::vector<std::vector<job*>>;  // that were found to be the same order

  boost::asio::awaitable<core::result<void>> locate(std::vector<job>& jobs);
  boost::asio::awaitable<void> read_newest(std::vector<job>& jobs);
  boost::asio::awaitable<void> ask_all(std::vector<job>& jobs);
  boost::asio::awaitable<void> ask_some(std::vector<job>& jobs, std::size_t& next);
  boost::asio::awaitable<core::result<void>> ask(job& of);
  boost::asio::awaitable<core::result<void>> ask_by_number(job& of, std::string number, core::window around);
  boost::asio::awaitable<core::result<void>> ask_by_creation(job& of);
  boost::asio::awaitable<void> store(std::vector<job>& jobs);
  boost::asio::awaitable<void> commit(same_orders& changed);
  core::window last(std::chrono::seconds length) const;
  static core::result<void> conclude(job& of, core::result<sync::page>& reply);
  static void take(job& of, sync::page& from);
  void fail(const std::vector<job*>& of, const core::error& why);
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
