#include "pandapon/source.hpp"

#include "pandapon/decode/decode.hpp"
#include "pandapon/http/http_date.hpp"
#include "pandapon/reply/trusted_time.hpp"
#include "pandapon/reply/verdict.hpp"
#include "pandapon/signed_call.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace ordersync::pandapon {
namespace {

namespace asio = boost::asio;

core::result<sync::page> read_page(const api_answer& answer) {
  const auto slices = reply::assess(answer.reply, std::chrono::floor<std::chrono::seconds>(answer.local));
  if (!slices) return blame_clock(slices.error(), answer);
  auto page = decode::decode_page(*slices, answer.observed);
  const auto date = http::parse_http_date(answer.reply.date);
  const auto trusted = reply::trusted_time_of(date, answer.local);
  page.server_time = trusted.server_time;
  page.date_off = trusted.date_off;
  if (!trusted.date_off) page.date = date;
  return page;
}

asio::awaitable<core::result<sync::page>> ask(std::shared_ptr<const call_state> state, api_call call) {
  const auto answer = co_await make_call(std::move(state), std::move(call));
  if (!answer) co_return answer.error();
  co_return read_page(*answer);
}

class https_source final : public sync::order_source {
 public:
  explicit https_source(std::shared_ptr<const call_state> state) : state_(std::move(state)) {}
  https_source(const https_source&) = delete;
  https_source& operator=(const https_source&) = delete;
  ~https_source() override { state_->client->close(); }

  asio::awaitable<core::result<sync::page>> fetch(sync::page_request request, http::time_limit deadline) override {
    if (request.window.empty() || request.page < 1 || request.page_size < 1) {
      throw std::logic_error("a page request that asks for nothing");
    }
    api_call call{state_->settings.path, request_body(request, state_->settings.style), std::move(request.received),
                  deadline, std::move(request.window_name)};
    return ask(state_, std::move(call));
  }

  asio::awaitable<core::result<sync::page>> look_up(std::string tb_order_id, core::window around,
                                                    http::time_limit deadline,
                                                    std::function<void()> received) override {
    if (tb_order_id.empty()) throw std::logic_error("a look-up that asks for nothing");
    api_call call{state_->settings.path, look_up_body(tb_order_id, around, state_->settings.style), std::move(received),
                  deadline};
    return ask(state_, std::move(call));
  }

  void close() noexcept override { state_->client->close(); }

 private:
  std::shared_ptr<const call_state> state_;
};

}  // namespace

core::result<std::unique_ptr<sync::order_source>> make_order_source(asio::any_io_executor executor,
                                                                    const source_settings& settings,
                                                                    source_ports ports) {
  auto state = make_call_state(std::move(executor), settings, std::move(ports));
  if (!state) return state.error();
  return std::unique_ptr<sync::order_source>(std::make_unique<https_source>(std::move(*state)));
}

}  // namespace ordersync::pandapon
