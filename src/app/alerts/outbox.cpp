#include "app/alerts/outbox.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::alerts {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

outbox::rules outbox::usual_rules() {
  return {.waits = {2s, 10s, 30s, 2min}};
}

outbox::outbox(const asio::any_io_executor& executor, std::unique_ptr<webhook> to, rules by,
               std::function<core::instant()> now, concluded done)
    : to_(std::move(to)),
      rules_(std::move(by)),
      now_(std::move(now)),
      done_(std::move(done)),
      timer_(executor, steady_clock::time_point::max()) {}

void outbox::post(message m) {
  if (waiting_.size() >= rules_.most_waiting)
    return done_(m, {delivery_state::again, "too many messages wait for this webhook", std::nullopt}, 0);
  waiting_.push_back(std::move(m));
  timer_.cancel();
}

asio::awaitable<void> outbox::run() {
  while (!stopping_) {
    if (waiting_.empty()) {
      timer_.expires_at(steady_clock::time_point::max());
      co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
      continue;
    }
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    co_await deliver(std::move(next));
  }
}

asio::awaitable<void> outbox::deliver(message m) {
  for (std::size_t tries = 1; !stopping_; ++tries) {
    auto sending = to_->send(m, now_());
    const auto outcome = co_await std::move(sending);
    if (stopping_ && outcome.state != delivery_state::accepted) break;
    const bool ends = outcome.state != delivery_state::again || tries > rules_.waits.size();
    if (ends) {
      done_(m, outcome, static_cast<int>(tries));
      break;
    }
    co_await rest(std::max(rules_.waits[tries - 1], outcome.retry_after.value_or(0ms)));
  }
}

// A message that comes meanwhile does not shorten it.
asio::awaitable<void> outbox::rest(std::chrono::milliseconds length) {
  const auto until = steady_clock::now() + length;
  while (!stopping_ && steady_clock::now() < until) {
    timer_.expires_at(until);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void outbox::stop() noexcept {
  stopping_ = true;
  to_->close();
  timer_.cancel();
}

}  // namespace ordersync::app::alerts
