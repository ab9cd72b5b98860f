#pragma once
// Spreads requests evenly, so that they take a share of the allowed rate at most, however many wait. One I/O thread.

#include "sync/flow/request_gate.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <list>

namespace ordersync::app::freshness {

class request_pace {
 public:
  // `turns` outlives it. `share`: of the rate, above 0. `sharers`: accounts that divide it, 1 at least.
  request_pace(sync::flow::request_gate& turns, double share, std::size_t sharers) noexcept
      : turns_(turns), share_(share), sharers_(sharers) {}
  request_pace(const request_pace&) = delete;
  request_pace& operator=(const request_pace&) = delete;

  // Returns when the next request may be asked for. Several may wait.
  boost::asio::awaitable<void> wait();
  // Whoever waits, or will, is let go at once.
  void stop() noexcept;
  // Requests a second, as allowed at the moment.
  double per_second() const noexcept;

 private:
  sync::flow::request_gate& turns_;
  const double share_;
  const std::size_t sharers_;
  std::chrono::steady_clock::time_point next_{};
  std::list<boost::asio::steady_timer> waits_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::freshness
