#pragma once
// Spreads look-ups so that they take half of the allowed rate at most, whatever is waiting: live windows are asked for
// with the same urgency, and keep the other half. One I/O thread.

#include "sync/flow/request_gate.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <list>

namespace ordersync::app::freshness {

class look_up_pace {
 public:
  // `turns` outlives it. `sharers`: accounts that share the rate, 1 at least.
  look_up_pace(sync::flow::request_gate& turns, std::size_t sharers) noexcept : turns_(turns), sharers_(sharers) {}
  look_up_pace(const look_up_pace&) = delete;
  look_up_pace& operator=(const look_up_pace&) = delete;

  // Returns when the next request may be asked for. Several may wait.
  boost::asio::awaitable<void> wait();
  // Whoever waits, or will, is let go at once.
  void stop() noexcept;
  // Requests a second, as allowed at the moment.
  double per_second() const noexcept;

 private:
  sync::flow::request_gate& turns_;
  std::size_t sharers_;
  std::chrono::steady_clock::time_point next_{};
  std::list<boost::asio::steady_timer> waits_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::freshness
