#pragma once
// `order refresh`: reads the orders of several numbers, with a gate and connections of its own.
//
// One I/O thread. What is given outlives the task.

#include "app/orders/refresh.hpp"
#include "app/runtime/stop_signal.hpp"
#include "app/tasks/api_client.hpp"
#include "app/tasks/task_dependencies.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::app::orders {

using refresh_listener = std::function<void(const std::vector<refreshed>&)>;

class refreshing {
 public:
  explicit refreshing(tasks::task_dependencies around);

  // One number after the other; `listener` is called for each that is done. Ends at the first that fails.
  boost::asio::awaitable<core::result<void>> perform(std::vector<std::string> numbers, refresh_listener listener);

  // Ends `perform` soon. From the I/O thread.
  void stop() { stop_.request(); }

 private:
  struct opened_api {
    std::unique_ptr<tasks::api_client> client;
    std::unique_ptr<sync::detail_source> details;  // where they are read
    std::unique_ptr<details::detail_requests> detail_requests;
    std::unique_ptr<runtime::stop_signal::registration> stopped;
  };

  boost::asio::awaitable<core::result<order_api>> describe(std::size_t index);
  boost::asio::awaitable<core::result<sync::page>> look_up(std::size_t index, std::string tb_order_id,
                                                           core::window around);
  boost::asio::awaitable<core::result<details::detail_reading>> read_detail(std::size_t index,
                                                                            details::wanted_detail what);
  boost::asio::awaitable<core::result<opened_api*>> api_of(std::size_t index);
  core::result<void> open_details(std::size_t index, opened_api& into);

  tasks::task_dependencies around_;
  runtime::stop_signal stop_{[this] { around_.database.close(); }};
  std::function<core::instant()> observed_now_;  // set once the database has been asked
  std::map<std::size_t, opened_api> apis_;       // of the accounts that were asked, by index
};

}  // namespace ordersync::app::orders
