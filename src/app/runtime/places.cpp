#include "app/runtime/places.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>

namespace ordersync::app::runtime {

namespace asio = boost::asio;

asio::awaitable<std::optional<places::place>> places::take(const void* who) {
  if (free_ > 0) {
    --free_;
    co_return std::optional<place>{std::in_place, *this};
  }
  const auto self = waiting_.emplace(waiting_.end(),
                                     asio::steady_timer(executor_, std::chrono::steady_clock::time_point::max()), who);
  while (!self->admitted && !self->gone) co_await self->turn.async_wait(asio::as_tuple(asio::use_awaitable));
  const bool admitted = self->admitted;
  waiting_.erase(self);
  if (!admitted) co_return std::nullopt;
  co_return std::optional<place>{std::in_place, *this};
}

void places::give_up(const void* who) {
  for (auto& one : waiting_) {
    if (one.who != who || one.admitted) continue;
    one.gone = true;
    one.turn.cancel();
  }
}

void places::give_back() {
  const auto next = std::ranges::find_if(waiting_, [](const waiter& one) { return !one.admitted && !one.gone; });
  if (next == waiting_.end()) {
    ++free_;
    return;
  }
  next->admitted = true;
  next->turn.cancel();
}

}  // namespace ordersync::app::runtime
