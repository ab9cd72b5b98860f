#include "config/addresses.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <string>

namespace ordersync::config {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

bool is_ip(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(family, host.c_str(), ignored.data()) == 1;
}

// Letters, digits and '-' between single dots, as the host names of certificates are. IPv4 addresses fit, too.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.find("..") != std::string_view::npos)
    return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

struct host_and_port {
  std::string host;
  std::string_view port;  // with its colon; empty when there is none
  bool ipv6 = false;
};

std::optional<host_and_port> split_host(std::string_view text) {
  host_and_port parts;
  std::size_t end = 0;
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    parts.host = text.substr(1, bracket - 1);
    parts.ipv6 = true;
    if (!is_ip(AF_INET6, parts.host)) return std::nullopt;
    end = bracket + 1;
  } else {
    end = std::min(text.find(':'), text.size());
    parts.host = text.substr(0, end);
    if (!is_host_name(parts.host)) return std::nullopt;
  }
  parts.port = text.substr(end);
  if (!parts.port.empty() && parts.port.front() != ':') return std::nullopt;
  return parts;
}

// `Url` has a host, and a port with its default.
template <class Url>
std::optional<Url> parse_url(std::string_view scheme, std::string_view text) {
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  if (text.ends_with('/')) text.remove_suffix(1);
  const auto parts = split_host(text);
  if (!parts) return std::nullopt;
  Url url;
  url.host = parts->host;
  if (parts->port.empty()) return url;
  const auto port = parse_port(parts->port.substr(1));
  if (!port || *port == 0) return std::nullopt;
  url.port = *port;
  return url;
}

bool is_password_parameter(std::string_view name) {
  const std::string plain = percent_decoded(name);
  return plain == "password" || plain == "sslpassword";
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(i + 1, 2);
    unsigned char byte = 0;
    const bool escape = text[i] == '%' && digits.size() == 2 &&
                        std::from_chars(digits.begin(), digits.end(), byte, 16).ptr == digits.end();
    out += escape ? static_cast<char>(byte) : text[i];
    if (escape) i += 2;
  }
  return out;
}

std::optional<https_url> parse_https_url(std::string_view text) {
  return parse_url<https_url>("https://", text);
}

std::optional<core::http_proxy> parse_proxy_url(std::string_view text) {
  return parse_url<core::http_proxy>("http://", text);
}

std::optional<listen_address> parse_listen_address(std::string_view text) {
  const auto parts = split_host(text);
  if (!parts || parts->port.empty()) return std::nullopt;
  if (!parts->ipv6 && !is_ip(AF_INET, parts->host)) return std::nullopt;
  const auto port = parse_port(parts->port.substr(1));
  if (!port) return std::nullopt;
  return listen_address{parts->host, *port};
}

bool holds_password(std::string_view database_url) {
  const std::size_t scheme = database_url.find("://");
  if (scheme != std::string_view::npos) database_url.remove_prefix(scheme + 3);
  const std::size_t question = database_url.find('?');
  // An unescaped '/' or '@' inside a password makes libpq see something else; so everything up to the last '@' counts.
  const std::string_view front = database_url.substr(0, question);
  const std::size_t at = front.rfind('@');
  if (at != std::string_view::npos && front.substr(0, at).find(':') != std::string_view::npos) return true;
  if (question == std::string_view::npos) return false;
  std::string_view query = database_url.substr(question + 1);
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    if (is_password_parameter(parameter.substr(0, parameter.find('=')))) return true;
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
  }
  return false;
}

}  // namespace ordersync::config
