#pragma once
// Refreshes of orders in a daemon that works accounts: ahead of all other work at the API, with its connections and
// within its rate, one number at a time.
//
// One I/O thread. What is given outlives the desk, and the desk outlives the tasks that it spawns.

#include "app/orders/refresh.hpp"
#include "app/runtime/task_group.hpp"
#include "app/setup/loading.hpp"
#include "core/log.hpp"
#include "sync/detail_source.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/flow/request_gate.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::app::orders {

// What a daemon knows of an account's API.
struct account_source {
  std::string account;
  std::function<sync::order_source*()> source;  // none: not prepared yet
  std::function<sync::evidence::known_limits()> limits;
  std::function<std::string()> absence;             // why there is no source
  std::function<sync::detail_source*()> details{};  // none: not prepared yet, or details are not read
};

class refresh_desk {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    store::database& database;
    sync::flow::request_gate& turns;
    core::log& log;
    runtime::task_group& tasks;
  };
  using answer = core::result<std::vector<refreshed>>;

  explicit refresh_desk(dependencies around);

  // Before the first refresh.
  void add(account_source source) { sources_.push_back(std::move(source)); }

  // failure::overloaded while another number is read. Whoever awaits it may outlive the desk.
  boost::asio::awaitable<answer> refresh(std::string number);
  // Ends the waits for the API. The sources are their owner's to close.
  void stop() noexcept;

 private:
  struct caller;  // who waits for an answer

  boost::asio::awaitable<void> perform(std::string number, std::shared_ptr<caller> into);
  order_api api_of(const account_source& source);
  boost::asio::awaitable<core::result<details::detail_reading>> read_detail(const account_source& source,
                                                                            details::wanted_detail what);
  template <class T>
  boost::asio::awaitable<core::result<T>> until_stopped(boost::asio::awaitable<core::result<T>> asked);
  boost::asio::awaitable<core::result<sync::page>> look_up(const account_source& source, std::string tb_order_id,
                                                           core::window around);

  dependencies around_;
  sync::flow::gated_requests requests_;
  std::vector<account_source> sources_;
  boost::asio::cancellation_signal end_;  // of the wait for the API
  bool busy_ = false;
};

}  // namespace ordersync::app::orders
