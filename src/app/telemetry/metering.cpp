#include "app/telemetry/metering.hpp"

#include <utility>

namespace ordersync::app::telemetry {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr const char* ok = "ok";

template <class T>
const char* outcome_of(const core::result<T>& reply) noexcept {
  return reply.has_value() ? ok : core::name(reply.error().kind);
}

}  // namespace

metered_source::metered_source(std::string account, sync::order_source& inner, observer& observers)
    : account_(std::move(account)), inner_(inner), observers_(observers) {}

asio::awaitable<core::result<sync::page>> metered_source::fetch(sync::page_request request,
                                                                steady_clock::time_point deadline) {
  const auto began = steady_clock::now();
  auto reply = co_await inner_.fetch(std::move(request), deadline);
  report(reply, began);
  co_return reply;
}

asio::awaitable<core::result<sync::page>> metered_source::look_up(std::string tb_order_id, core::window around,
                                                                  steady_clock::time_point deadline,
                                                                  std::function<void()> received) {
  const auto began = steady_clock::now();
  auto reply = co_await inner_.look_up(std::move(tb_order_id), around, deadline, std::move(received));
  report(reply, began);
  co_return reply;
}

void metered_source::close() noexcept {
  closed_ = true;
  inner_.close();
}

void metered_source::report(const core::result<sync::page>& reply, steady_clock::time_point began) noexcept {
  if (closed_ && reply.has_error()) return;
  const auto now = steady_clock::now();
  observers_.request({.account = account_, .outcome = outcome_of(reply), .took = now - began, .at = now});
}

metered_detail_source::metered_detail_source(std::string account, sync::detail_source& inner, observer& observers)
    : account_(std::move(account)), inner_(inner), observers_(observers) {}

asio::awaitable<core::result<core::order_detail>> metered_detail_source::read_detail(std::string tb_order_id,
                                                                                     steady_clock::time_point deadline,
                                                                                     std::function<void()> received) {
  const auto began = steady_clock::now();
  auto reply = co_await inner_.read_detail(std::move(tb_order_id), deadline, std::move(received));
  report(outcome_of(reply), began);
  co_return reply;
}

asio::awaitable<core::result<core::refund_info>> metered_detail_source::read_refund(std::string refund_id,
                                                                                    steady_clock::time_point deadline,
                                                                                    std::function<void()> received) {
  const auto began = steady_clock::now();
  auto reply = co_await inner_.read_refund(std::move(refund_id), deadline, std::move(received));
  report(outcome_of(reply), began);
  co_return reply;
}

void metered_detail_source::close() noexcept {
  closed_ = true;
  inner_.close();
}

void metered_detail_source::report(const char* outcome, steady_clock::time_point began) noexcept {
  if (closed_ && outcome != ok) return;
  const auto now = steady_clock::now();
  observers_.request({.account = account_, .outcome = outcome, .took = now - began, .at = now, .of_detail = true});
}

asio::awaitable<core::result<sync::commit_summary>> metered_store::commit(sync::window_batch batch) {
  const auto account = batch.account;
  const auto kind = batch.kind;
  auto outcome = batch.outcome;
  const auto began = steady_clock::now();
  auto summary = co_await inner_.commit(std::move(batch));
  if (summary.has_error()) co_return summary;
  // So it is stored: what was read may be older than what another sweep has stored meanwhile.
  if (summary->outdated > 0 && outcome == sync::sweep_outcome::proven) outcome = sync::sweep_outcome::unproven;
  observers_.committed({account, kind, outcome, *summary, steady_clock::now() - began});
  co_return summary;
}

}  // namespace ordersync::app::telemetry
