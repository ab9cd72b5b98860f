#pragma once
// One connection to the API: TLS over TCP, one HTTP/1.1 exchange at a time. The strict half of the transport: what HTTP
// libraries let pass (two framings, bytes after the end) is reported as a flaw, and such a connection is not used
// again. A body without any framing is taken where TLS says that it ended (close_notify), because then nobody cut it
// short.
//
// One I/O thread. Not to be destroyed while open() or exchange() runs; close() ends both.

#include "core/error.hpp"
#include "core/https_url.hpp"
#include "pandapon/http/connect.hpp"
#include "pandapon/http/http_reply.hpp"
#include "pandapon/http/proxy.hpp"
#include "pandapon/http/resolve.hpp"
#include "pandapon/http/server_names.hpp"
#include "pandapon/http/tls_report.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::pandapon::http {

using https_request = boost::beast::http::request<boost::beast::http::string_body>;
using time_limit = std::chrono::steady_clock::time_point;

struct exchange_outcome {
  core::result<http_reply> reply;
  // A failure before the first byte of a reply: on a connection that was idle before, the server has most likely closed
  // it meanwhile, and the same request may be sent once more on another.
  bool unanswered = false;
};

class https_connection {
 public:
  https_connection(boost::asio::any_io_executor executor, std::shared_ptr<boost::asio::ssl::context> context,
                   core::https_url address, std::optional<proxy_access> proxy, std::uint64_t max_body,
                   server_names names = {});
  https_connection(const https_connection&) = delete;
  https_connection& operator=(const https_connection&) = delete;
  ~https_connection() = default;

  // Connects to the first of the addresses that answers, those of the proxy if there is one, goes through the proxy,
  // and performs the TLS handshake with the API. Not a byte of a request is sent. Failures are failure::unreachable, or
  // untrusted where the certificate was refused.
  boost::asio::awaitable<core::result<void>> open(const tcp_addresses& addresses, time_limit limit);

  // Sends and reads to the reply's end, passing over interim replies (100, 103) before it. Failures are
  // failure::unreachable, or unusable_reply for what is no HTTP.
  boost::asio::awaitable<exchange_outcome> exchange(const https_request& request, time_limit limit);

  // Whether another exchange may follow: the last reply was whole and nothing has arrived since.
  bool reusable();

  // When open() was called.
  time_limit opened_at() const noexcept { return opened_at_; }

  // Of a connection that open() opened.
  tls_facts describe_tls() const;
  // Whom it is connected to, the proxy if there is one; an unspecified address before that.
  boost::asio::ip::address peer() const noexcept { return peer_; }

  // At once, without close_notify: the replies are framed, so none is needed.
  void close() noexcept;

 private:
  using stream_type = boost::beast::ssl_stream<boost::beast::tcp_stream>;
  using parser_type = boost::beast::http::response_parser<boost::beast::http::string_body>;

  boost::beast::tcp_stream& tcp() { return boost::beast::get_lowest_layer(*stream_); }
  boost::asio::awaitable<core::result<void>> connect(const tcp_addresses& addresses, time_limit limit);
  boost::asio::awaitable<core::result<void>> pass_proxy();
  boost::asio::awaitable<exchange_outcome> read_rest(parser_type& parser);
  boost::asio::awaitable<boost::system::error_code> read_body(parser_type& parser);
  std::string reason_of(const boost::system::error_code& why) const;
  std::string shown_address() const { return names_.shown(address_.authority()); }
  core::error lost(std::string_view doing, const boost::system::error_code& why) const;
  exchange_outcome too_large() const;
  exchange_outcome failed_reading(const boost::system::error_code& why, bool unanswered) const;

  boost::asio::any_io_executor executor_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  core::https_url address_;
  std::optional<proxy_access> proxy_;
  std::uint64_t max_body_;
  server_names names_;
  std::shared_ptr<connection_race> race_;  // while it connects
  boost::asio::ip::address peer_;
  std::optional<stream_type> stream_;
  boost::beast::flat_buffer buffer_;
  time_limit opened_at_{};
  bool whole_ = false;
  bool closed_ = false;
};

}  // namespace ordersync::pandapon::http
