#include "pandapon/http/https_client.hpp"

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>

#include <chrono>

namespace ordersync::pandapon::http {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

core::error stopping() {
  return core::make_error(core::failure::unreachable, "no more requests are sent, because the program is stopping");
}

}  // namespace

// Lets close() reach a connection for as long as somebody uses it.
class https_client::busy {
 public:
  busy(https_client& client, https_connection& connection) : client_(client), connection_(connection) {
    client_.busy_.insert(&connection_);
  }
  busy(const busy&) = delete;
  busy& operator=(const busy&) = delete;
  ~busy() { client_.busy_.erase(&connection_); }

 private:
  https_client& client_;
  https_connection& connection_;
};

https_client::https_client(asio::any_io_executor executor, https_settings settings, core::log& log)
    : executor_(std::move(executor)), settings_(std::move(settings)), log_(log), resolver_(settings_.look_up) {
  if (!settings_.kept) settings_.kept = std::make_shared<kept_connections>(settings_.connection_life);
}

asio::awaitable<core::result<http_reply>> https_client::post(std::string path,
                                                             std::vector<std::pair<std::string, std::string>> headers,
                                                             std::string body, time_limit limit,
                                                             std::string window_name) {
  const auto self = shared_from_this();
  const auto since = std::chrono::steady_clock::now();
  const auto request = make_request(path, headers, std::move(body));
  auto reply = co_await send(request, limit);
  log_exchange(path, window_name, reply, since);
  co_return reply;
}

https_request https_client::make_request(const std::string& path,
                                         const std::vector<std::pair<std::string, std::string>>& headers,
                                         std::string body) const {
  https_request request{http::verb::post, path, 11};
  request.set(http::field::host, settings_.address.authority());
  request.set(http::field::user_agent, "ordersync");
  request.set(http::field::accept, "application/json");
  request.set(http::field::accept_encoding, "identity");
  request.set(http::field::content_type, "application/json");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = std::move(body);
  request.prepare_payload();
  return request;
}

asio::awaitable<core::result<http_reply>> https_client::send(const https_request& request, time_limit limit) {
  if (closed_) co_return stopping();
  if (auto kept = settings_.kept->take(); kept != nullptr) {
    auto outcome = co_await exchange_and_keep(std::move(kept), request, limit);
    const bool in_time = std::chrono::steady_clock::now() < limit;
    if (outcome.reply || !outcome.unanswered || closed_ || !in_time) co_return std::move(outcome.reply);
  }
  co_return co_await send_on_new(request, limit);
}

asio::awaitable<core::result<http_reply>> https_client::send_on_new(const https_request& request, time_limit limit) {
  auto hop = first_hop_of(settings_.address, settings_.proxy, settings_.names);
  auto addresses = co_await resolver_.resolve(std::move(hop), limit);
  if (!addresses) co_return addresses.error();
  if (closed_) co_return stopping();
  auto connection = std::make_unique<https_connection>(executor_, settings_.tls, settings_.address, settings_.proxy,
                                                       settings_.max_body, settings_.names);
  {
    const busy guard(*this, *connection);
    const auto opened = co_await connection->open(*addresses, limit);
    if (!opened) co_return opened.error();
  }
  if (closed_) co_return stopping();
  auto outcome = co_await exchange_and_keep(std::move(connection), request, limit);
  co_return std::move(outcome.reply);
}

asio::awaitable<exchange_outcome> https_client::exchange_and_keep(connection_ptr connection,
                                                                  const https_request& request, time_limit limit) {
  const busy guard(*this, *connection);
  auto outcome = co_await connection->exchange(request, limit);
  if (outcome.reply && !closed_) settings_.kept->keep(std::move(connection));
  co_return outcome;
}

void https_client::log_exchange(const std::string& path, const std::string& window_name,
                                const core::result<http_reply>& reply, time_limit since) const {
  const auto took = std::chrono::steady_clock::now() - since;
  const auto shown = path.substr(0, path.find('?'));  // the query names what is asked for
  if (reply) {
    log_.write(core::severity::trace, "http_exchange",
               {{"window", window_name},
                {"method", "POST"},
                {"path", shown},
                {"status", reply->status},
                {"bytes", reply->body.size()},
                {"took", took}});
  } else {
    log_.write(core::severity::trace, "http_exchange_failed",
               {{"window", window_name},
                {"method", "POST"},
                {"path", shown},
                {"failure", core::name(reply.error().kind)},
                {"took", took}});
  }
}

void https_client::close() noexcept {
  closed_ = true;
  resolver_.cancel();
  settings_.kept.reset();
  for (auto* connection : busy_) connection->close();
}

}  // namespace ordersync::pandapon::http
