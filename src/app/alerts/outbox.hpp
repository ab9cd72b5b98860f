#pragma once
// The messages that wait for a webhook, one sent at a time, each tried again for some minutes. While one waits for its
// next try, others are sent. Bounded: many messages, or a webhook that hangs, cost some memory and nothing else. One
// I/O thread.

#include "app/alerts/webhook.hpp"
#include "core/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::alerts {

class outbox {
 public:
  // What came of a message, after so many tries.
  using concluded = std::function<void(const message&, const delivery&, int tries)>;
  // What is still to be sent of a message; asked before each try.
  using still_true = std::function<std::optional<message>(const message&)>;
  struct rules {
    std::vector<std::chrono::milliseconds> waits;  // after the first try, the second, ...; the try after the last is
                                                   // the last
    std::size_t most_waiting = 8;
  };
  static rules usual_rules();

  outbox(const boost::asio::any_io_executor& executor, std::unique_ptr<webhook> to, rules by,
         std::function<core::instant()> now, still_true current, concluded done);
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  // Where too many wait it fails at once.
  void post(message m);
  // Drops what is no longer to be sent. It is concluded where it was tried, so that a webhook that fails is known.
  void review();
  // Until it is stopped. What waits then is not concluded.
  boost::asio::awaitable<void> run();
  void stop() noexcept;

  const webhook& to() const noexcept { return *to_; }

 private:
  using moment = std::chrono::steady_clock::time_point;
  struct entry {
    message m;
    moment due{};
    std::size_t tries = 0;
    std::string reason{};  // why the last try failed
  };
  boost::asio::awaitable<void> deliver(entry one);
  bool refresh(entry& one);
  moment next_due() const;

  std::unique_ptr<webhook> to_;
  rules rules_;
  std::function<core::instant()> now_;
  still_true current_;
  concluded done_;
  std::deque<entry> waiting_;
  moment not_before_ = moment::min();  // as the receiver asks
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::alerts
