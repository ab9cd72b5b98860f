#pragma once
// The company's proxy between this machine and the API: it is asked by CONNECT for a way through, so what passes is TLS
// that it cannot read. Parsed once (config/proxy) and handed on as this. Pure; any thread.

#include <compare>
#include <cstdint>
#include <string>

namespace ordersync::core {

struct http_proxy {
  std::string host;  // a name or an IP address; IPv6 without its brackets
  std::uint16_t port = 80;

  // "host:port", brackets around IPv6.
  std::string authority() const;

  friend auto operator<=>(const http_proxy&, const http_proxy&) = default;
};

}  // namespace ordersync::core
