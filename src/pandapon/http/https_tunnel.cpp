#include "pandapon/http/https_tunnel.hpp"

#include "core/base64.hpp"
#include "pandapon/http/https_errors.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::pandapon::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using parser_type = http::response_parser<http::empty_body>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t longest_head = 16'384;

// "api.pandapon.com:443": CONNECT names the port always.
std::string target_of(const core::https_url& address) {
  return address.text().substr(std::string_view("https://").size());
}

http::request<http::empty_body> request_for(const core::https_url& address, const proxy_access& proxy) {
  const auto target = target_of(address);
  http::request<http::empty_body> request{http::verb::connect, target, 11};
  request.set(http::field::host, target);
  request.set(http::field::user_agent, "ordersync");
  if (!proxy.user.empty())
    request.set(http::field::proxy_authorization, basic_authorization(proxy.user, proxy.password));
  return request;
}

core::error failed(const proxy_access& proxy, std::string_view what) {
  return core::make_error(core::failure::unreachable, fmt::format("the proxy {} {}", proxy.at.authority(), what));
}

// What the proxy says of ways to log in, as one list.
std::string offers_of(const parser_type& reply) {
  std::string all;
  for (const auto& field : reply.get())
    if (field.name() == http::field::proxy_authenticate) all.append(all.empty() ? "" : ", ").append(field.value());
  return all;
}

bool offers(std::string_view list, std::string_view scheme) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '='; };
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (auto at = list.begin();;) {
    at = std::search(at, list.end(), scheme.begin(), scheme.end(), same);
    if (at == list.end()) return false;
    const auto end = at + static_cast<std::ptrdiff_t>(scheme.size());
    if ((at == list.begin() || at[-1] == ' ' || at[-1] == ',') && (end == list.end() || !is_word(*end))) return true;
    at = end;
  }
}

// Empty: Basic is among them, or the proxy names none.
std::string why_no_login(std::string_view list) {
  if (list.empty() || offers(list, "Basic")) return {};
  std::string known;
  for (const auto* scheme : {"Negotiate", "NTLM", "Kerberos", "Digest", "Bearer"})
    if (offers(list, scheme)) known.append(known.empty() ? "" : ", ").append(scheme);
  return fmt::format(
      "it offers {}, and ordersync can do Basic only; ask its operator for Basic or an exemption of this machine, or "
      "run a local proxy that logs in (such as cntlm) and name that one in api.proxy",
      known.empty() ? "other ways to log in" : known + " only");
}

std::string advice_for(unsigned status, const std::string& target, const proxy_access& proxy) {
  if (status == 407 || status == 401) {  // tinyproxy says 401 of a wrong password
    if (proxy.user.empty()) return "it requires a user; set api.proxy_user and api.proxy_password_file";
    if (proxy.setting == "api.proxy") return "check api.proxy_user and api.proxy_password_file";
    return fmt::format("check the user and password in {}, or set api.proxy_user and api.proxy_password_file",
                       proxy.setting);
  }
  if (status == 500 || status == 502 || status == 503 || status == 504)
    return fmt::format("most likely it cannot reach {}, or is overloaded; its log says more", target);
  if (status == 403)
    return fmt::format("its operator has to allow CONNECT to {}; {} names the proxy", target, proxy.setting);
  if (status == 429) return "it gets too many requests; ask its operator how many it allows";
  if (status >= 300 && status < 400)
    return fmt::format(
        "most likely to send this machine to a login page: it wants a login, or is not the proxy to use; ask its "
        "operator; {} names it",
        proxy.setting);
  return fmt::format("ask its operator, and check {}, which names the proxy", proxy.setting);
}

// The status in the standard's words, not in the proxy's, which may be anything. `target`: as it may be shown.
core::error refused(const parser_type& reply, const std::string& target, const proxy_access& proxy) {
  const auto status = reply.get().result_int();
  const auto no_login = status == 407 ? why_no_login(offers_of(reply)) : std::string{};
  const auto reason = http::obsolete_reason(http::int_to_status(status));
  const bool known = http::int_to_status(status) != http::status::unknown;
  return failed(
      proxy, fmt::format("refused: {}{}{}; {}", status, known ? " " : "", known ? std::string(reason) : std::string{},
                         no_login.empty() ? advice_for(status, target, proxy) : no_login));
}

}  // namespace

std::string basic_authorization(const std::string& user, const std::string& password) {
  return "Basic " + core::base64_of(user + ":" + password);
}

asio::awaitable<tunnel_outcome> open_tunnel(beast::tcp_stream& stream, const core::https_url& address,
                                            const proxy_access& proxy, const server_names& names) {
  const auto request = request_for(address, proxy);
  const auto [unsent, sent] = co_await http::async_write(stream, request, as_result);
  if (unsent) co_return tunnel_outcome{.io = unsent};
  beast::flat_buffer buffer;
  std::optional<parser_type> parser;
  for (int heads = 0; heads == 0 || (heads < most_heads && is_interim(parser->get().result_int())); ++heads) {
    parser.emplace();
    parser->header_limit(longest_head);
    parser->skip(true);  // a 200 has no body, whatever it says of one, and that of a refusal is not of interest
    const auto [unread, count] = co_await http::async_read_header(stream, buffer, *parser, as_result);
    if (is_bad_http(unread))
      co_return tunnel_outcome{.opened =
                                   failed(proxy, fmt::format("does not answer CONNECT in valid HTTP: {}; check {}",
                                                             unread.message(), proxy.setting))};
    if (unread) co_return tunnel_outcome{.io = unread};
  }
  const auto status = parser->get().result_int();
  if (status < 200 || status > 299)
    co_return tunnel_outcome{.opened = refused(*parser, names.shown(target_of(address)), proxy)};
  // In TLS it is the client that speaks first: nobody but the proxy can have sent this.
  if (buffer.size() != 0)
    co_return tunnel_outcome{
        .opened =
            failed(proxy, fmt::format("sends something of its own after accepting CONNECT; check {}", proxy.setting))};
  co_return tunnel_outcome{};
}

}  // namespace ordersync::pandapon::http
