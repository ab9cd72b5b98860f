#pragma once
// The clock of an account's API, as its replies show it, and how far this machine's is from it. Logged where that
// begins to matter, because the API refuses requests whose time is 600 s off its own.
//
// One I/O thread. What is given outlives it.

#include "core/log.hpp"
#include "sync/flow/server_clock.hpp"
#include "sync/ports.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace ordersync::app::daemon {

class api_clock {
 public:
  // `wall` is this machine's clock.
  api_clock(std::string account, std::function<core::instant()> wall, core::log& log);

  // The API's time, about.
  core::second now() const;
  // This machine's clock ahead of the API's, by the last Date that was trusted; less than two seconds are none.
  std::optional<std::chrono::seconds> skew() const noexcept { return skew_; }

  void observe(const sync::page& reply);

 private:
  void compare(core::instant local, core::second date);
  void report_wrong_date(std::chrono::seconds ahead);

  const std::string account_;
  const std::function<core::instant()> wall_;
  core::log& log_;
  sync::flow::server_clock clock_;
  core::severity reported_ = core::severity::info;
  std::optional<std::chrono::seconds> skew_;
  std::chrono::steady_clock::time_point wrong_date_silent_until_{};
};

// A source whose replies set the clock.
class clock_tracking_source final : public sync::order_source {
 public:
  clock_tracking_source(api_clock& clock, sync::order_source& inner) : clock_(clock), inner_(inner) {}

  boost::asio::awaitable<core::result<sync::page>> fetch(sync::page_request request,
                                                         std::chrono::steady_clock::time_point deadline) override;
  boost::asio::awaitable<core::result<sync::page>> look_up(std::string tb_order_id, core::window around,
                                                           std::chrono::steady_clock::time_point deadline,
                                                           std::function<void()> received) override;
  void close() noexcept override { inner_.close(); }

 private:
  api_clock& clock_;
  sync::order_source& inner_;
};

}  // namespace ordersync::app::daemon
