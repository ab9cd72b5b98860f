#pragma once
// Searches for orders by their number, for the status page. Anybody who reaches the page may search, so searches go one
// by one and take at most a tenth of the database's time.
//
// One I/O thread. What is given outlives it.

#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::app::http {

class order_search {
 public:
  explicit order_search(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // Without personal data. failure::overloaded when others take too long before.
  boost::asio::awaitable<core::result<std::vector<store::reports::order_report>>> find(store::database& database,
                                                                                       std::string number);

 private:
  boost::asio::awaitable<bool> turn();

  boost::asio::any_io_executor executor_;
  bool busy_ = false;
  std::chrono::steady_clock::time_point not_before_{};
};

}  // namespace ordersync::app::http
