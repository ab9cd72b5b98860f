#pragma once
// While this process leads: erases what is older than the settings allow, at once and then once a day.
//
// One I/O thread. What is given outlives it.

#include "core/log.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace ordersync::app::daemon {

class retention_keeper {
 public:
  retention_keeper(const boost::asio::any_io_executor& executor, store::maintenance::retention_rules rules,
                   store::database& database, core::log& log);

  // Until it is stopped; at once when nothing is to be erased.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  store::maintenance::retention_rules rules_;
  store::database& database_;
  core::log& log_;
  boost::asio::steady_timer rest_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
