#pragma once
// While this process leads: puts its last problems into the database, so that `status` shows them there, on any
// machine, and after this process has ended. What is logged in its last second may be missing there; the log has it.
//
// One I/O thread. What is given outlives it.

#include "app/telemetry/recent_problems.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>

namespace ordersync::app::daemon {

class problem_keeper {
 public:
  problem_keeper(const boost::asio::any_io_executor& executor, const telemetry::recent_problems& from,
                 store::database& to);

  // Until it is stopped.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  const telemetry::recent_problems& from_;
  store::database& to_;
  boost::asio::steady_timer rest_;
  std::uint64_t kept_ = 0;  // of those that `from_` has counted
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
