#include "pandapon/base_url.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace ordersync::pandapon {
namespace {

core::error refuse(std::string_view why) {
  return core::make_error(core::failure::input, fmt::format("api.base_url {}; use the form https://api.pandapon.com, "
                                                            "with a port if needed, and put the path into api.path",
                                                            why));
}

bool name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_name(std::string_view host) {
  constexpr std::size_t longest_name = 253;  // RFC 1035
  return !host.empty() && host.size() <= longest_name && std::all_of(host.begin(), host.end(), name_letter);
}

bool read_port(std::string_view digits, std::uint16_t& port) {
  const auto* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, port);
  return !digits.empty() && parsed.ec == std::errc{} && parsed.ptr == end && port != 0;
}

// Splits "host:port" and "[::1]:port"; false where that is impossible.
bool split(std::string_view authority, std::string_view& host, std::string_view& port) {
  const bool bracketed = authority.starts_with('[');
  const auto host_end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos) return false;
  host = bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
  port = authority.substr(host_end + (bracketed ? 1 : 0));
  return true;
}

}  // namespace

std::string https_address::authority() const {
  const auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == 443 ? name : fmt::format("{}:{}", name, port);
}

core::result<https_address> parse_base_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return refuse("does not begin with https://");
  url.remove_prefix(scheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  std::string_view host;
  std::string_view port;
  if (url.find('/') != std::string_view::npos) return refuse("contains a path");
  if (!split(url, host, port)) return refuse("has no host");
  https_address address;
  boost::system::error_code no_address;
  const auto ip = boost::asio::ip::make_address(host, no_address);
  address.numeric = !no_address;
  const bool bracketed = url.starts_with('[');
  if (bracketed != (address.numeric && ip.is_v6()))
    return refuse("has a host that is neither a valid name nor an IP address");
  if (!address.numeric && !is_name(host)) return refuse("has a host that is neither a valid name nor an IP address");
  address.host = host;
  if (!port.empty() && (port.front() != ':' || !read_port(port.substr(1), address.port))) {
    return refuse("has an invalid port");
  }
  return address;
}

bool usable_path(std::string_view path) {
  return path.starts_with('/') &&
         std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7F && c != '#'; });
}

}  // namespace ordersync::pandapon
