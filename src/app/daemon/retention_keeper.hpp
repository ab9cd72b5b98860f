#pragma once
// While this process leads, at once and then once a day: erases what is older than the settings allow, and prunes the
// rows of reads that later ones have proven and shown again. Both in small steps; those of pruning leave the database
// to others for most of the time.
//
// One I/O thread. What is given outlives it.

#include "core/log.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>

namespace ordersync::app::daemon {

class retention_keeper {
 public:
  retention_keeper(const boost::asio::any_io_executor& executor, store::maintenance::retention_rules rules,
                   store::database& database, std::function<core::instant()> observed_now, core::log& log);

  // Until it is stopped.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  boost::asio::awaitable<bool> erase();
  boost::asio::awaitable<bool> prune();
  boost::asio::awaitable<void> wait_until_idle();
  boost::asio::awaitable<void> rest(std::chrono::steady_clock::duration length);

  store::maintenance::retention_rules rules_;
  store::database& database_;
  std::function<core::instant()> observed_now_;
  core::log& log_;
  boost::asio::steady_timer rest_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
