#pragma once
// What works for the whole database while this process leads. What works for accounts is in worker_tenure.
//
// One I/O thread. What is given outlives it, and it outlives what it started: stop(), join(), and only then the end.

#include "app/daemon/daemon_state.hpp"
#include "app/daemon/retention_keeper.hpp"
#include "app/runtime/task_group.hpp"
#include "app/setup/loading.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>

namespace ordersync::app::daemon {

class leader_tenure {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    store::database& database;
    core::log& log;
    std::function<core::instant()> observed_now;  // see sync::sweep::dependencies::now
  };

  // Begins to work.
  explicit leader_tenure(const dependencies& around);
  leader_tenure(const leader_tenure&) = delete;
  leader_tenure& operator=(const leader_tenure&) = delete;

  // Ends it soon, with the transaction in hand finished.
  void stop();
  // Until all of it has ended; throws on a defect.
  boost::asio::awaitable<void> join();
  // A part ended by a defect, which join() throws.
  bool broken() const noexcept { return tasks_.broken(); }

  std::chrono::nanoseconds led_for() const { return std::chrono::steady_clock::now() - since_; }

 private:
  retention_keeper retention_;
  runtime::task_group tasks_;
  boost::asio::steady_timer ended_;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace ordersync::app::daemon
