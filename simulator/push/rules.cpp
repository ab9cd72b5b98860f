#include "push/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace pandapon_sim {
namespace {

[[noreturn]] void fail(const std::string& url) {
  throw std::runtime_error(fmt::format("--push: expected http://HOST:PORT/PATH or https://HOST/PATH, got '{}'", url));
}

std::optional<std::uint16_t> read_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

push_target read_push_target(const std::string& url) {
  push_target out;
  std::string_view rest = url;
  out.tls = rest.starts_with("https://");
  if (!out.tls && !rest.starts_with("http://")) fail(url);
  out.port = out.tls ? 443 : 80;
  rest.remove_prefix(out.tls ? 8 : 7);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  if (slash < rest.size()) out.path = rest.substr(slash);
  std::string_view host = rest.substr(0, slash);
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) {
    const auto port = read_port(host.substr(colon + 1));
    if (!port) fail(url);
    out.port = *port;
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || url.find_first_of(" \r\n\t#") != std::string::npos) fail(url);
  out.host = host;
  return out;
}

}  // namespace pandapon_sim
