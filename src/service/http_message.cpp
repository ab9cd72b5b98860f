#include "service/http_message.hpp"

#include "service/http_target.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace ordersync::service {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

// Of every answer; a handler that sets one of them itself knows why.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> guards{{
    {"X-Content-Type-Options", "nosniff"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
}};

std::size_t count(const http_message& message, http::field name) {
  const auto [begin, end] = message.equal_range(name);
  return static_cast<std::size_t>(std::distance(begin, end));
}

http_method method_of(const http_message& message) {
  switch (message.method()) {
    case http::verb::get:
      return http_method::get;
    case http::verb::head:
      return http_method::head;
    case http::verb::post:
      return http_method::post;
    default:
      return http_method::other;
  }
}

// What a proxy and this server could read in two ways.
std::string_view flaw_of(const http_message& message) {
  const auto hosts = count(message, http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() > 10)) return "exactly one Host header is required";
  const auto lengths = count(message, http::field::content_length);
  const auto codings = count(message, http::field::transfer_encoding);
  if (lengths + codings > 1) return "the length of the body is stated more than once";
  if (codings == 1 && !beast::iequals(message[http::field::transfer_encoding], "chunked"))
    return "the only supported transfer coding is chunked";
  if (count(message, http::field::authorization) > 1) return "at most one Authorization header is allowed";
  if (!message.body().empty() && message.method() != http::verb::post) return "only a POST may have a body";
  return {};
}

std::string text_of(const http_message& message, http::field name) {
  const auto value = message[name];
  return {value.data(), value.size()};
}

std::optional<std::string> bearer_of(const http_message& message) {
  constexpr std::string_view scheme = "bearer ";
  const auto field = message[http::field::authorization];
  const std::string_view value{field.data(), field.size()};
  if (value.size() <= scheme.size()) return std::nullopt;
  const auto begins = value.substr(0, scheme.size());
  if (!beast::iequals({begins.data(), begins.size()}, {scheme.data(), scheme.size()})) return std::nullopt;
  auto token = value.substr(scheme.size());
  token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
  return std::string{token};
}

bool is_token(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; };
  return !text.empty() && std::ranges::all_of(text, fits);
}

bool is_value(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool has_header(const http_answer& answer, std::string_view name) {
  const auto is_it = [&](const auto& header) {
    return beast::iequals({header.first.data(), header.first.size()}, {name.data(), name.size()});
  };
  return std::ranges::any_of(answer.headers, is_it);
}

void add(std::string& head, std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_value(value)) throw std::logic_error("a handler's header is not one");
  head += fmt::format("{}: {}\r\n", name, value);
}

}  // namespace

std::variant<http_call, http_answer> read_http_call(const http_message& message, const http_limits& limits) {
  if (message.target().size() > limits.target) return plain_answer(414, "the address is too long");
  if (const auto flaw = flaw_of(message); !flaw.empty()) return plain_answer(400, flaw);
  if (count(message, http::field::expect) > 0)
    return plain_answer(417, "Expect is not supported; send the body right away");
  const std::string_view written{message.target().data(), message.target().size()};
  auto target = parse_http_target(written);
  if (!target) return plain_answer(400, "the address is invalid");
  http_call call{method_of(message), {}};
  call.request.post = call.method == http_method::post;
  call.request.path = std::move(target->path);
  call.request.query = std::move(target->query);
  call.request.bearer = bearer_of(message);
  call.request.authorization = text_of(message, http::field::authorization);
  call.request.content_type = text_of(message, http::field::content_type);
  call.request.host = text_of(message, http::field::host);
  call.request.origin = text_of(message, http::field::origin);
  call.request.body = message.body();
  return call;
}

std::optional<http_answer> answer_to_unreadable(const boost::system::error_code& why, std::string_view seen) {
  if (why == http::error::end_of_stream || why == http::error::partial_message) return std::nullopt;
  if (why == http::error::body_limit) return plain_answer(413, "the body is too large");
  if (why == http::error::header_limit || why == http::error::buffer_overflow) {
    if (seen.find('\n') == std::string_view::npos) return plain_answer(414, "the address is too long");
    return plain_answer(431, "the headers are too large");
  }
  if (why == http::error::bad_version) return plain_answer(505, "this is an HTTP/1.1 server");
  const boost::system::error_code malformed = http::error::bad_method;
  if (why.category() == malformed.category()) return plain_answer(400, "this is not a valid HTTP request");
  return std::nullopt;
}

http_answer plain_answer(unsigned status, std::string_view text) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(status));
  http_answer answer;
  answer.status = status;
  answer.body = fmt::format("{} {}: {}\n", status, std::string_view{reason.data(), reason.size()}, text);
  return answer;
}

std::string http_head(const http_answer& answer, bool keep_alive) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(answer.status));
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", answer.status, std::string_view{reason.data(), reason.size()});
  add(head, "Content-Type", answer.content_type);
  add(head, "Content-Length", fmt::format("{}", answer.body.size()));
  add(head, "Connection", keep_alive ? "keep-alive" : "close");
  for (const auto& [name, value] : answer.headers) add(head, name, value);
  for (const auto& [name, value] : guards)
    if (!has_header(answer, name)) add(head, name, value);
  return head += "\r\n";
}

}  // namespace ordersync::service
