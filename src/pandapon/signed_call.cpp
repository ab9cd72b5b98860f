#include "pandapon/signed_call.hpp"

#include "pandapon/http/http_date.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace ordersync::pandapon {

namespace asio = boost::asio;

core::result<std::shared_ptr<const call_state>> make_call_state(asio::any_io_executor executor,
                                                                const source_settings& settings, source_ports ports) {
  if (!ports.credentials_now || !ports.now || !ports.observed_now || !ports.random || ports.log == nullptr) {
    throw std::logic_error("a source without all its ports");
  }
  const auto shared = settings.connections ? settings.connections : std::make_shared<http::shared_connections>();
  auto tls = shared->tls(settings.ca_file);
  if (!tls) return tls.error();
  http::https_settings https{.address = settings.base_url,
                             .proxy = settings.proxy,
                             .max_body = settings.max_response_bytes,
                             .tls = std::move(*tls),
                             .kept = shared->kept(http::longest_connection_life)};
  auto client = std::make_shared<http::https_client>(std::move(executor), std::move(https), *ports.log);
  return std::make_shared<const call_state>(call_state{settings, std::move(ports), std::move(client)});
}

asio::awaitable<core::result<api_answer>> make_call(std::shared_ptr<const call_state> state, api_call call) {
  const auto& ports = state->ports;
  const auto observed = ports.observed_now();
  const auto signed_at = ports.now();
  const auto sent = std::chrono::steady_clock::now();
  auto headers = system_headers(ports.credentials_now(), state->settings.style, signed_at, ports.random);
  if (!headers) co_return headers.error();
  auto reply = co_await state->client->post(std::move(call.path), std::move(*headers), std::move(call.body),
                                            call.deadline, std::move(call.window_name));
  if (call.received) {
    // Whoever waits for the line sends before this reply is decoded, so that the API works meanwhile.
    call.received();
    co_await asio::post(asio::use_awaitable);
  }
  if (!reply) co_return reply.error();
  // What the API accepted is the time of signing: where the wall clock jumped ahead since, it is not trusted.
  const auto took = std::chrono::duration_cast<core::instant::duration>(std::chrono::steady_clock::now() - sent);
  co_return api_answer{std::move(*reply), observed, std::min(ports.now(), signed_at + took)};
}

core::error blame_clock(core::error why, const api_answer& answer) {
  constexpr std::chrono::seconds suspicious{540};
  const auto server = http::parse_http_date(answer.reply.date);
  const bool refusal = why.kind == core::failure::refused || why.kind == core::failure::not_permitted;
  if (!refusal || !server) return why;
  const auto ahead = std::chrono::floor<std::chrono::seconds>(answer.local) - *server;
  if (std::chrono::abs(ahead) < suspicious) return why;
  why.kind = core::failure::refused;
  why.what = fmt::format(
      "this machine's clock is {} min {} the API's, which refuses requests that are 10 min off; set the clock "
      "(timedatectl). {}",
      std::chrono::abs(std::chrono::round<std::chrono::minutes>(ahead)).count(),
      ahead > std::chrono::seconds::zero() ? "ahead of" : "behind", why.what);
  return why;
}

}  // namespace ordersync::pandapon
