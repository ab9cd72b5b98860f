#include "pandapon/http/https_connection.hpp"

#include "pandapon/http/content_coding.hpp"
#include "pandapon/http/https_errors.hpp"
#include "pandapon/http/https_tunnel.hpp"
#include "pandapon/http/tls.hpp"
#include "pandapon/http/tls_advice.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>

namespace ordersync::pandapon::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// A head of a reply has a few hundred bytes; proxies add some.
constexpr std::uint32_t longest_head = 65'536;
// What is read but not yet understood: bounds a chunk header without an end as well.
constexpr std::size_t largest_buffer = 262'144;

// A host that is away does not answer at all; when it is back, only a new attempt finds that out soon, because the
// kernel repeats its own ever more rarely.
constexpr std::chrono::seconds longest_connect{5};

// All values of a header, so that a second one is seen and not silently dropped.
std::string header(const http::response<http::string_body>& message, http::field name) {
  std::string values;
  const auto [begin, end] = message.equal_range(name);
  for (auto it = begin; it != end; ++it) values.append(values.empty() ? "" : ",").append(it->value());
  return values;
}

std::size_t count(const http::response<http::string_body>& message, http::field name) {
  const auto [begin, end] = message.equal_range(name);
  return static_cast<std::size_t>(std::distance(begin, end));
}

// Whether the body ends with the connection.
bool is_unframed(const http::response<http::string_body>& message) {
  return count(message, http::field::content_length) + count(message, http::field::transfer_encoding) == 0;
}

// Why it is unknown where the body ends; empty when it is known, or when the connection's end shows it.
std::string framing_flaw(const http::response<http::string_body>& message) {
  const auto lengths = count(message, http::field::content_length);
  const auto codings = count(message, http::field::transfer_encoding);
  if (lengths + codings > 1) return "states its length more than once";
  if (codings == 1 && !beast::iequals(message[http::field::transfer_encoding], "chunked")) {
    return "has a transfer coding other than chunked";
  }
  return {};
}

http_reply head_of(const http::response<http::string_body>& message) {
  http_reply reply;
  reply.status = message.result_int();
  reply.content_type = header(message, http::field::content_type);
  reply.retry_after = header(message, http::field::retry_after);
  reply.date = header(message, http::field::date);
  if (reply.status < 200) {
    reply.flaw = "is not final";
  } else {
    reply.flaw = framing_flaw(message);
  }
  return reply;
}

}  // namespace

https_connection::https_connection(asio::any_io_executor executor, std::shared_ptr<asio::ssl::context> context,
                                   core::https_url address, std::optional<proxy_access> proxy, std::uint64_t max_body,
                                   server_names names)
    : executor_(std::move(executor)),
      context_(std::move(context)),
      address_(std::move(address)),
      proxy_(std::move(proxy)),
      max_body_(max_body),
      names_(std::move(names)),
      buffer_(largest_buffer) {}

asio::awaitable<core::result<void>> https_connection::open(const tcp_addresses& addresses, time_limit limit) {
  opened_at_ = std::chrono::steady_clock::now();
  const auto soon = std::min(limit, opened_at_ + longest_connect);
  const auto connected = co_await connect(addresses, soon);
  if (!connected) co_return connected.error();
  tcp().expires_at(limit);
  if (proxy_) {
    const auto passed = co_await pass_proxy();
    if (!passed) co_return passed.error();
  }
  if (!expect_host(stream_->native_handle(), address_)) {
    co_return core::make_error(core::failure::unreachable, "OpenSSL could not start the TLS handshake");
  }
  const auto [failed] = co_await stream_->async_handshake(asio::ssl::stream_base::client, as_result);
  if (!failed) co_return core::result<void>{};
  const bool peer_refused = SSL_get_verify_result(stream_->native_handle()) != X509_V_OK;
  if (peer_refused || failed.category() == asio::error::get_ssl_category()) {
    co_return explain_handshake(stream_->native_handle(), address_, failed, names_);
  }
  co_return lost("the TLS handshake with", failed);
}

asio::awaitable<core::result<void>> https_connection::connect(const tcp_addresses& addresses, time_limit limit) {
  race_ = std::make_shared<connection_race>(executor_, addresses);
  auto socket = co_await race_->run(limit);
  const auto race = std::exchange(race_, nullptr);
  if (closed_) co_return lost("connecting to", asio::error::operation_aborted);
  if (!socket) {
    const auto whom = proxy_ ? "the proxy " + proxy_->at.authority() : shown_address();
    co_return core::make_error(core::failure::unreachable,
                               fmt::format("connecting to {} failed: {}", whom, race->failures()));
  }
  error_code ignored;  // only the delay of small packets depends on it
  socket->set_option(asio::ip::tcp::no_delay(true), ignored);
  peer_ = socket->remote_endpoint(ignored).address();
  stream_.emplace(std::move(*socket), *context_);
  co_return core::result<void>{};
}

asio::awaitable<core::result<void>> https_connection::pass_proxy() {
  auto asked = open_tunnel(tcp(), address_, *proxy_, names_);
  const auto outcome = co_await std::move(asked);
  if (!outcome.io) co_return outcome.opened;
  co_return core::make_error(core::failure::unreachable,
                             fmt::format("asking the proxy {} for a way to {} failed: {}", proxy_->at.authority(),
                                         shown_address(), reason_of(outcome.io)));
}

asio::awaitable<exchange_outcome> https_connection::exchange(const https_request& request, time_limit limit) {
  whole_ = false;
  tcp().expires_at(limit);
  const auto [unsent, sent] = co_await http::async_write(*stream_, request, as_result);
  if (unsent) co_return exchange_outcome{lost("sending to", unsent), true};
  std::optional<parser_type> parser;
  for (int heads = 0; heads == 0 || (heads < most_heads && is_interim(parser->get().result_int())); ++heads) {
    parser.emplace();
    parser->header_limit(longest_head);
    parser->body_limit(max_body_);
    const auto [unread, head] = co_await http::async_read_header(*stream_, buffer_, *parser, as_result);
    if (unread) co_return failed_reading(unread, heads == 0 && !parser->got_some());
  }
  co_return co_await read_rest(*parser);
}

asio::awaitable<exchange_outcome> https_connection::read_rest(parser_type& parser) {
  auto reply = head_of(parser.get());
  const bool unframed = is_unframed(parser.get());
  if (reply.flaw.empty()) {
    const auto cut = co_await read_body(parser);
    if (unframed && cut == asio::ssl::error::stream_truncated) {
      reply.flaw =
          "has neither a length nor chunks, and the connection ended without TLS close_notify, so it may be incomplete";
    } else if (cut && reply.status == 200) {
      std::string{}.swap(parser.get().body());  // up to the limit, which others in flight need now
      co_return failed_reading(cut, false);
    } else if (cut) {
      reply.flaw = "was cut short";  // the status of a failure counts all the same
    }
  }
  whole_ = reply.flaw.empty() && !unframed && parser.keep_alive();
  reply.body = std::move(parser.get().body());
  const auto coding = header(parser.get(), http::field::content_encoding);
  const auto unpacked = reply.flaw.empty() ? unpack(coding, max_body_, reply.body) : coding_state::plain;
  if (unpacked == coding_state::too_large && reply.status == 200) co_return too_large();
  if (unpacked != coding_state::plain) reply.flaw = coding_flaw(unpacked, coding);
  co_return exchange_outcome{std::move(reply), false};
}

asio::awaitable<error_code> https_connection::read_body(parser_type& parser) {
  if (parser.is_done()) co_return error_code{};
  const auto [failed, count] = co_await http::async_read(*stream_, buffer_, parser, as_result);
  co_return failed;
}

exchange_outcome https_connection::too_large() const {
  auto error = core::make_error(core::failure::unusable_reply,
                                fmt::format("the API's reply has more than {} bytes; raise api.max_response_bytes or "
                                            "lower sync.page_size",
                                            max_body_));
  error.remedy = core::remedy::ask_smaller;
  return {std::move(error), false};
}

exchange_outcome https_connection::failed_reading(const error_code& why, bool unanswered) const {
  if (why == http::error::body_limit) return too_large();
  if (is_bad_http(why)) {
    return {core::make_error(core::failure::unusable_reply,
                             fmt::format("the reply of {} is not valid HTTP: {}; check {}, and any proxy in between",
                                         shown_address(), why.message(), names_.address)),
            false};
  }
  return {lost("reading the reply of", why), unanswered};
}

std::string https_connection::reason_of(const error_code& why) const {
  if (closed_) return "ordersync closed the connection, because the program is stopping";
  if (why == beast::error::timeout) return "no reply within " + names_.timeout;
  if (why == http::error::end_of_stream || why == http::error::partial_message ||
      why == asio::ssl::error::stream_truncated)
    return "the other side closed the connection";
  return why.message();
}

core::error https_connection::lost(std::string_view doing, const error_code& why) const {
  const auto way = proxy_ ? " through the proxy " + proxy_->at.authority() : std::string{};
  auto said = fmt::format("{} {}{} failed: {}", doing, shown_address(), way, reason_of(why));
  // With TLS 1.3 a server may refuse what the client showed in the handshake only afterwards.
  if (why.category() == asio::error::get_ssl_category()) {
    said += "; " + advise_on_tls(const_cast<stream_type&>(*stream_).native_handle(),
                                 static_cast<unsigned long>(why.value()), names_);
  }
  return core::make_error(core::failure::unreachable, std::move(said));
}

bool https_connection::reusable() {
  if (!whole_ || closed_ || buffer_.size() != 0) return false;
  auto* const ssl = stream_->native_handle();
  if (SSL_pending(ssl) != 0 || BIO_pending(SSL_get_rbio(ssl)) != 0) return false;
  // Whatever has come since the reply's end, even a close_notify, is not an answer to what will be asked.
  char byte = 0;
  error_code nothing;
  tcp().socket().non_blocking(true, nothing);
  tcp().socket().receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, nothing);
  return nothing == asio::error::would_block;
}

tls_facts https_connection::describe_tls() const {
  return read_tls(const_cast<stream_type&>(*stream_).native_handle());
}

void https_connection::close() noexcept {
  closed_ = true;
  if (race_) race_->close();
  if (stream_) tcp().close();
}

}  // namespace ordersync::pandapon::http
