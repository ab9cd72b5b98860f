#include "push/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

namespace pandapon_sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using steady = std::chrono::steady_clock;
using plain_stream = beast::tcp_stream;
using safe_stream = beast::ssl_stream<beast::tcp_stream>;
using post_request = http::request<http::string_body>;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

post_request make_request(const push_target& to, const push_request& what) {
  post_request out(http::verb::post, to.path, 11);
  const std::string host = to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]";
  out.set(http::field::host, host + ":" + std::to_string(to.port));
  out.set(http::field::content_type, "application/json;charset=UTF-8");
  if (!what.authorization.empty()) out.set(http::field::authorization, what.authorization);
  out.body() = what.body;
  out.prepare_payload();
  return out;
}

/// By TLS's server name, which cannot be an address.
void name_host(safe_stream& stream, std::string host) {
  boost::system::error_code is_name;
  asio::ip::make_address(host, is_name);
  // The macro for it has an old-style cast.
  if (is_name) SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
}

template <class Stream>
std::unique_ptr<Stream> make_stream(plain_stream socket, const push_target& to, asio::ssl::context& tls) {
  if constexpr (std::is_same_v<Stream, plain_stream>) {
    return std::make_unique<plain_stream>(std::move(socket));
  } else {
    auto out = std::make_unique<safe_stream>(std::move(socket), tls);
    out->set_verify_callback(asio::ssl::host_name_verification(to.host));
    name_host(*out, to.host);
    return out;
  }
}

asio::awaitable<bool> shake_hands(plain_stream&) {
  co_return true;
}

asio::awaitable<bool> shake_hands(safe_stream& stream) {
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_values);
  co_return !error;
}

template <class Stream>
class connection final : public push_connection {
 public:
  connection(asio::any_io_executor executor, const push_rules& rules, asio::ssl::context& tls)
      : executor_(std::move(executor)), rules_(rules), to_(*rules.target), tls_(tls) {}

  asio::awaitable<unsigned> post(const push_request& what) override {
    const post_request request = make_request(to_, what);
    const auto deadline = steady::now() + std::chrono::milliseconds(rules_.timeout_ms);
    const bool reused = stream_ != nullptr;
    unsigned status = co_await attempt(request, deadline);
    if (status == 0 && reused && steady::now() < deadline) status = co_await attempt(request, deadline);
    co_return status;
  }

 private:
  asio::awaitable<bool> open(steady::time_point deadline) {
    asio::ip::tcp::resolver resolver(executor_);
    const std::string port = std::to_string(to_.port);
    const auto [unknown, endpoints] = co_await resolver.async_resolve(to_.host, port, as_values);
    if (unknown) co_return false;
    plain_stream socket(executor_);
    socket.expires_at(deadline);
    const auto [unreachable, endpoint] = co_await socket.async_connect(endpoints, as_values);
    if (unreachable) co_return false;
    boost::system::error_code ignored;
    socket.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    stream_ = make_stream<Stream>(std::move(socket), to_, tls_);
    co_return co_await shake_hands(*stream_);
  }

  /// 0, and the connection closed, if anything fails.
  asio::awaitable<unsigned> attempt(const post_request& request, steady::time_point deadline) {
    unsigned status = 0;
    const bool opened = stream_ != nullptr || co_await open(deadline);
    if (opened) status = co_await exchange(request, deadline);
    if (status == 0) stream_.reset();
    co_return status;
  }

  asio::awaitable<unsigned> exchange(const post_request& request, steady::time_point deadline) {
    beast::get_lowest_layer(*stream_).expires_at(deadline);
    const auto [unsent, sent] = co_await http::async_write(*stream_, request, as_values);
    if (unsent) co_return 0;
    beast::flat_buffer buffer;
    http::response<http::string_body> answer;
    const auto [unread, read] = co_await http::async_read(*stream_, buffer, answer, as_values);
    if (unread) co_return 0;
    beast::get_lowest_layer(*stream_).expires_never();
    if (!answer.keep_alive()) stream_.reset();
    co_return answer.result_int();
  }

  asio::any_io_executor executor_;
  const push_rules& rules_;
  const push_target& to_;
  asio::ssl::context& tls_;
  std::unique_ptr<Stream> stream_;  // none: not connected
};

}  // namespace

std::unique_ptr<push_connection> make_push_connection(asio::any_io_executor executor, const push_rules& rules,
                                                      asio::ssl::context& tls) {
  if (rules.target->tls) return std::make_unique<connection<safe_stream>>(std::move(executor), rules, tls);
  return std::make_unique<connection<plain_stream>>(std::move(executor), rules, tls);
}

}  // namespace pandapon_sim
