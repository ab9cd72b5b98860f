#include "pandapon/source.hpp"

#include "pandapon/decode/decode.hpp"
#include "pandapon/http/http_date.hpp"
#include "pandapon/http/https_client.hpp"
#include "pandapon/http/tls.hpp"
#include "pandapon/reply/trusted_time.hpp"
#include "pandapon/reply/verdict.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

namespace ordersync::pandapon {
namespace {

namespace asio = boost::asio;

// What a call needs and keeps alive.
struct shared_state {
  source_settings settings;
  source_ports ports;
  std::shared_ptr<http::https_client> client;
};

// A refusal may be the clock's fault: the API takes no request whose time is 600 s off its own. Nearly so much is
// reported as the cause, whatever the API says.
core::error blame_clock(core::error why, core::instant local, std::optional<core::second> server) {
  constexpr std::chrono::seconds suspicious{540};
  if (why.kind != core::failure::refused || !server) return why;
  const auto ahead = std::chrono::floor<std::chrono::seconds>(local) - *server;
  if (std::chrono::abs(ahead) < suspicious) return why;
  why.what = fmt::format(
      "this machine's clock is {} min {} the API's, which refuses requests that are 10 min off; set the clock "
      "(timedatectl). {}",
      std::chrono::abs(std::chrono::round<std::chrono::minutes>(ahead)).count(),
      ahead > std::chrono::seconds::zero() ? "ahead of" : "behind", why.what);
  return why;
}

core::result<sync::page> read_page(const http::http_reply& reply, core::instant observed, core::instant local) {
  const auto date = http::parse_http_date(reply.date);
  const auto slices = reply::assess(reply, std::chrono::floor<std::chrono::seconds>(local));
  if (!slices) return blame_clock(slices.error(), local, date);
  auto page = decode::decode_page(*slices, observed);
  const auto trusted = reply::trusted_time_of(date, local);
  page.server_time = trusted.server_time;
  page.date_off = trusted.date_off;
  if (!trusted.date_off) page.date = date;
  return page;
}

asio::awaitable<core::result<sync::page>> ask(std::shared_ptr<const shared_state> state, std::string body,
                                              std::function<void()> received, http::time_limit deadline,
                                              std::string window_name) {
  const auto& ports = state->ports;
  const auto observed = ports.observed_now();
  const auto signed_at = ports.now();
  const auto sent = std::chrono::steady_clock::now();
  auto headers = system_headers(ports.credentials_now(), state->settings.style, signed_at, ports.random);
  if (!headers) co_return headers.error();
  const auto reply = co_await state->client->post(state->settings.path, std::move(*headers), std::move(body), deadline,
                                                  std::move(window_name));
  if (received) {
    // Whoever waits for the line sends before this reply is decoded, so that the API works meanwhile.
    received();
    co_await asio::post(asio::use_awaitable);
  }
  if (!reply) co_return reply.error();
  // What the API accepted is the time of signing: where the wall clock jumped ahead since, it is not trusted.
  const auto took = std::chrono::duration_cast<core::instant::duration>(std::chrono::steady_clock::now() - sent);
  co_return read_page(*reply, observed, std::min(ports.now(), signed_at + took));
}

class https_source final : public sync::order_source {
 public:
  explicit https_source(std::shared_ptr<const shared_state> state) : state_(std::move(state)) {}
  https_source(const https_source&) = delete;
  https_source& operator=(const https_source&) = delete;
  ~https_source() override { state_->client->close(); }

  asio::awaitable<core::result<sync::page>> fetch(sync::page_request request, http::time_limit deadline) override {
    if (request.window.empty() || request.page < 1 || request.page_size < 1) {
      throw std::logic_error("a page request that asks for nothing");
    }
    return ask(state_, request_body(request, state_->settings.style), std::move(request.received), deadline,
               std::move(request.window_name));
  }

  asio::awaitable<core::result<sync::page>> look_up(std::string tb_order_id, core::window around,
                                                    http::time_limit deadline,
                                                    std::function<void()> received) override {
    if (tb_order_id.empty()) throw std::logic_error("a look-up that asks for nothing");
    return ask(state_, look_up_body(tb_order_id, around, state_->settings.style), std::move(received), deadline, {});
  }

  void close() noexcept override { state_->client->close(); }

 private:
  std::shared_ptr<const shared_state> state_;
};

}  // namespace

core::result<std::unique_ptr<sync::order_source>> make_order_source(asio::any_io_executor executor,
                                                                    const source_settings& settings,
                                                                    source_ports ports) {
  if (!ports.credentials_now || !ports.now || !ports.observed_now || !ports.random || ports.log == nullptr) {
    throw std::logic_error("an order source without all its ports");
  }
  auto tls = http::make_tls_context(settings.ca_file);
  if (!tls) return tls.error();
  http::https_settings https{
      .address = settings.base_url, .max_body = settings.max_response_bytes, .tls = std::move(*tls)};
  auto client = std::make_shared<http::https_client>(std::move(executor), std::move(https), *ports.log);
  auto state = std::make_shared<shared_state>(shared_state{settings, std::move(ports), std::move(client)});
  return std::unique_ptr<sync::order_source>(std::make_unique<https_source>(std::move(state)));
}

}  // namespace ordersync::pandapon
