#pragma once
// A source and a store that report the outcome and the duration of each call to an observer.
//
// One I/O thread. What is given outlives them.

#include "app/telemetry/observer.hpp"
#include "sync/detail_source.hpp"
#include "sync/ports.hpp"

#include <string>

namespace ordersync::app::telemetry {

// What ends because of close() is not reported: a stop is no failure.
class metered_source final : public sync::order_source {
 public:
  metered_source(std::string account, sync::order_source& inner, observer& observers);

  boost::asio::awaitable<core::result<sync::page>> fetch(sync::page_request request,
                                                         std::chrono::steady_clock::time_point deadline) override;
  boost::asio::awaitable<core::result<sync::page>> look_up(std::string tb_order_id, core::window around,
                                                           std::chrono::steady_clock::time_point deadline,
                                                           std::function<void()> received) override;
  void close() noexcept override;

 private:
  void report(const core::result<sync::page>& reply, std::chrono::steady_clock::time_point began) noexcept;

  std::string account_;
  sync::order_source& inner_;
  observer& observers_;
  bool closed_ = false;
};

// The same for details and refunds.
class metered_detail_source final : public sync::detail_source {
 public:
  metered_detail_source(std::string account, sync::detail_source& inner, observer& observers);

  boost::asio::awaitable<core::result<core::order_detail>> read_detail(std::string tb_order_id,
                                                                       std::chrono::steady_clock::time_point deadline,
                                                                       std::function<void()> received) override;
  boost::asio::awaitable<core::result<core::refund_info>> read_refund(std::string refund_id,
                                                                      std::chrono::steady_clock::time_point deadline,
                                                                      std::function<void()> received) override;
  void close() noexcept override;

 private:
  void report(const char* outcome, std::chrono::steady_clock::time_point began) noexcept;

  std::string account_;
  sync::detail_source& inner_;
  observer& observers_;
  bool closed_ = false;
};

// Reports after the commit; a commit that failed is not reported.
class metered_store final : public sync::order_store {
 public:
  metered_store(sync::order_store& inner, observer& observers) : inner_(inner), observers_(observers) {}

  boost::asio::awaitable<core::result<sync::commit_summary>> commit(sync::window_batch batch) override;

 private:
  sync::order_store& inner_;
  observer& observers_;
};

}  // namespace ordersync::app::telemetry
