#pragma once
// The messages that wait for a webhook, one sent after the other, each tried again for some minutes. Bounded: many
// messages, or a webhook that hangs, cost some memory and nothing else. One I/O thread.

#include "app/alerts/webhook.hpp"
#include "core/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace ordersync::app::alerts {

class outbox {
 public:
  // What came of a message, after so many tries.
  using concluded = std::function<void(const message&, const delivery&, int tries)>;
  struct rules {
    std::vector<std::chrono::milliseconds> waits;  // after the first try, the second, ...; the try after the last is
                                                   // the last
    std::size_t most_waiting = 8;
  };
  static rules usual_rules();

  outbox(const boost::asio::any_io_executor& executor, std::unique_ptr<webhook> to, rules by,
         std::function<core::instant()> now, concluded done);
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  // Where too many wait it fails at once.
  void post(message m);
  // Until it is stopped. What waits then is not concluded.
  boost::asio::awaitable<void> run();
  void stop() noexcept;

  const webhook& to() const noexcept { return *to_; }

 private:
  boost::asio::awaitable<void> deliver(message m);
  boost::asio::awaitable<void> rest(std::chrono::milliseconds length);

  std::unique_ptr<webhook> to_;
  rules rules_;
  std::function<core::instant()> now_;
  concluded done_;
  std::deque<message> waiting_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::alerts
