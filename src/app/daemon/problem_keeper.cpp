#include "app/daemon/problem_keeper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;

namespace {
// So old is what `status` shows, at most. A request that fails over and over costs the database a row's update in each.
constexpr std::chrono::seconds kept_every{1};
}  // namespace

problem_keeper::problem_keeper(const asio::any_io_executor& executor, const telemetry::recent_problems& from,
                               store::database& to)
    : from_(from), to_(to), rest_(executor) {}

asio::awaitable<void> problem_keeper::run() {
  while (!stopping_) {
    const auto total = from_.total();
    if (total > kept_) {
      auto fresh = from_.since(kept_);
      // A failure is logged by those who need the database to work; this tries again.
      const auto written = co_await to_.write_problems(std::move(fresh));
      if (written.has_value()) kept_ = total;
    }
    if (stopping_) break;
    rest_.expires_after(kept_every);
    co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void problem_keeper::stop() {
  stopping_ = true;
  rest_.cancel();
}

}  // namespace ordersync::app::daemon
