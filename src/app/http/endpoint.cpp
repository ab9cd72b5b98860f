#include "app/http/endpoint.hpp"

#include "service/event_help.hpp"
#include "service/log_line.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace ordersync::app::http {

namespace asio = boost::asio;
using service::http_answer;
using service::http_request;

namespace {

http_answer answer_of(const std::vector<check_result>& checks) {
  http_answer answer;
  answer.status = all_passed(checks) ? 200 : 503;
  answer.body = text_of(checks);
  return answer;
}

}  // namespace

endpoint::endpoint(asio::any_io_executor executor, setup::build_identity build, telemetry::observer_list& observers,
                   core::log& log)
    : executor_(std::move(executor)),
      build_(std::move(build)),
      log_(log),
      ended_(executor_, std::chrono::steady_clock::time_point::max()),
      tasks_(executor_, [this] { ended_.cancel(); }) {
  // So that the first of its kind is seen as a rise.
  for (const auto& help : service::all_event_help())
    metrics_.add(service::metric::log_events, {help.event, service::name(help.level)}, 0);
  observers.add(counts_);
  observers.add(ready_);
}

core::result<void> endpoint::open(const config::listen_address& address, std::function<daemon::daemon_state()> state) {
  state_ = std::move(state);
  auto server = listen(address);
  if (server.has_error()) return server.error();
  start(std::move(*server), address);
  return {};
}

void endpoint::move(const config::listen_address& address) {
  if (address == address_) return;
  auto server = listen(address);
  // Where the port stays, the old address may cover the new one or be covered by it, so it has to go first.
  const bool in_the_way = server.has_error() && address.port == address_.port;
  if (in_the_way) {
    servers_.back()->close();
    server = listen(address);
  }
  if (server.has_value()) {
    servers_.back()->close();
    return start(std::move(*server), address);
  }
  const bool listens = !in_the_way || come_back();
  log_.write(core::severity::error, "endpoint_not_moved",
             {{"reason", server.error().what},
              {"advice", listens ? "the endpoint stays at its old address; correct service.listen and reload"
                                 : "there is no endpoint now; correct service.listen and reload"}});
}

// To the old address, which was given up.
bool endpoint::come_back() {
  auto server = listen(address_);
  if (server.has_value())
    start(std::move(*server), config::listen_address{address_});
  else
    address_ = {};  // another reload tries again
  return server.has_value();
}

void endpoint::close() noexcept {
  for (const auto& server : servers_) server->close();
}

asio::awaitable<void> endpoint::join() {
  while (!tasks_.empty()) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
  tasks_.rethrow();
}

core::result<std::unique_ptr<service::http_server>> endpoint::listen(const config::listen_address& address) {
  auto server = service::make_http_server(executor_, log_);
  add_routes(*server);
  const auto listening = server->listen(address.host, address.port);
  if (listening.has_error()) return listening.error();
  log_.write(core::severity::info, "endpoint_listening", {{"address", *listening}});
  return server;
}

void endpoint::start(std::unique_ptr<service::http_server> server, const config::listen_address& address) {
  tasks_.spawn(server->run());
  servers_.push_back(std::move(server));
  address_ = address;
}

void endpoint::add_routes(service::http_server& server) {
  server.route(false, "/metrics", [this](http_request) -> asio::awaitable<http_answer> {
    auto now = gauges_of(state_());
    now.push_back({service::metric::build_info, {build_.version, build_.commit}, 1});
    http_answer answer;
    answer.content_type = service::metrics::text_type;
    answer.body = metrics_.text(now);
    co_return answer;
  });
  server.route(false, "/healthz", [this](http_request) -> asio::awaitable<http_answer> {
    const std::vector<check_result> checks{check_life(state_())};
    co_return answer_of(checks);
  });
  server.route(false, "/readyz", [this](http_request) -> asio::awaitable<http_answer> {
    const auto checks = ready_.check(state_());
    co_return answer_of(checks);
  });
  for (const auto& add : also_) add(server);
}

}  // namespace ordersync::app::http
