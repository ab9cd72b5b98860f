#include "app/freshness/look_up_pace.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ordersync::app::freshness {

namespace asio = boost::asio;
using std::chrono::steady_clock;

double look_up_pace::per_second() const noexcept {
  constexpr double least = 0.01;
  return std::max(least, turns_.load().allowed_per_second / 2 / static_cast<double>(sharers_));
}

asio::awaitable<void> look_up_pace::wait() {
  const auto each = std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(1 / per_second()));
  const auto mine = std::max(steady_clock::now(), next_);
  next_ = mine + each;
  if (stopping_) co_return;
  const auto timer = waits_.emplace(waits_.end(), turns_.executor(), mine);
  co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
  waits_.erase(timer);
}

void look_up_pace::stop() noexcept {
  stopping_ = true;
  for (auto& timer : waits_) timer.cancel();
}

}  // namespace ordersync::app::freshness
