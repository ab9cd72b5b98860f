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
               std::function<core::instant()> now, still_true current, concluded done)
    : to_(std::move(to)),
      rules_(std::move(by)),
      now_(std::move(now)),
      current_(std::move(current)),
      done_(std::move(done)),
      timer_(executor, steady_clock::time_point::max()) {}

void outbox::post(message m) {
  if (waiting_.size() >= rules_.most_waiting)
    return done_(m, {delivery_state::again, "too many messages wait for this webhook", std::nullopt}, 0);
  waiting_.push_back({.m = std::move(m), .due = steady_clock::now()});
  timer_.cancel();
}

void outbox::review() {
  std::deque<entry> before;
  before.swap(waiting_);
  for (auto& one : before)
    if (refresh(one)) waiting_.push_back(std::move(one));
}

// Whether there is something left to send.
bool outbox::refresh(entry& one) {
  if (auto left = current_(one.m)) {
    one.m = std::move(*left);
    return true;
  }
  if (one.tries > 0)
    done_(one.m, {delivery_state::again, one.reason + "; given up, because it is no longer true", std::nullopt},
          static_cast<int>(one.tries));
  return false;
}

outbox::moment outbox::next_due() const {
  if (waiting_.empty()) return moment::max();
  return std::max(not_before_, std::ranges::min_element(waiting_, {}, &entry::due)->due);
}

asio::awaitable<void> outbox::run() {
  while (!stopping_) {
    if (const auto due = next_due(); steady_clock::now() < due) {
      timer_.expires_at(due);
      co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
      continue;
    }
    const auto at = std::ranges::min_element(waiting_, {}, &entry::due);
    auto next = std::move(*at);
    waiting_.erase(at);
    if (refresh(next)) co_await deliver(std::move(next));
  }
}

asio::awaitable<void> outbox::deliver(entry one) {
  auto sending = to_->send(one.m, now_());
  auto outcome = co_await std::move(sending);
  if (stopping_ && outcome.state != delivery_state::accepted) co_return;
  ++one.tries;
  if (outcome.state != delivery_state::again || one.tries > rules_.waits.size()) {
    done_(one.m, outcome, static_cast<int>(one.tries));
    co_return;
  }
  const auto now = steady_clock::now();
  one.due = now + rules_.waits[one.tries - 1];
  if (outcome.retry_after) not_before_ = now + *outcome.retry_after;
  one.reason = std::move(outcome.reason);
  waiting_.push_back(std::move(one));
}

void outbox::stop() noexcept {
  stopping_ = true;
  to_->close();
  timer_.cancel();
}

}  // namespace ordersync::app::alerts
