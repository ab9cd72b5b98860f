#pragma once
// Waits until the details that somebody asked for are read, but for those whose reads fail.

#include "store/details/details.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>
#include <vector>

namespace ordersync::app::details {

// One I/O thread. `store` outlives it.
class detail_watch {
 public:
  using listener = std::function<void(const std::string& account, const store::details::detail_figures& now)>;

  detail_watch(const boost::asio::any_io_executor& executor, store::details::details& store)
      : store_(store), timer_(executor) {}

  // The last figures of each account. Ends, too, once the API is seen to refuse details for one of them.
  boost::asio::awaitable<core::result<std::vector<store::details::detail_figures>>> wait(
      std::vector<std::string> accounts, const listener& report);
  // Ends `wait` soon.
  void stop();

 private:
  store::details::details& store_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::details
