#pragma once
// While this process works: puts its last problems, and how the API answers the accounts that it owns, into the
// database, so that `status` shows them there, on any machine, and after this process has ended. What is logged in its
// last second may be missing there; the log has it.
//
// One I/O thread. What is given outlives it.

#include "app/telemetry/recent_problems.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace ordersync::app::daemon {

class problem_keeper {
 public:
  using api_states = std::vector<store::reports::api_state>;

  // `api`: of the accounts that are owned at present.
  problem_keeper(const boost::asio::any_io_executor& executor, const telemetry::recent_problems& from,
                 std::function<api_states()> api, store::database& to);

  // Until it is stopped.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  // Those of which the database does not know what matters.
  api_states news(const api_states& now) const;
  void keep(store::reports::api_state one);

  const telemetry::recent_problems& from_;
  std::function<api_states()> api_;
  store::database& to_;
  boost::asio::steady_timer rest_;
  std::uint64_t kept_ = 0;  // of those that `from_` has counted
  api_states kept_states_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
