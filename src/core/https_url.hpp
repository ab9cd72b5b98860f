#pragma once
// The address of a server that speaks HTTPS, parsed once (config/addresses) and handed on as this. Pure; any thread.

#include <compare>
#include <cstdint>
#include <string>

namespace ordersync::core {

struct https_url {
  std::string host;  // a DNS name or an IP address; IPv6 without its brackets
  std::uint16_t port = 443;

  bool is_ip_address() const;
  // What stands in the Host header: brackets around IPv6, the port unless it is 443.
  std::string authority() const;
  // "https://host:port": the port always, brackets around IPv6.
  std::string text() const;

  friend auto operator<=>(const https_url&, const https_url&) = default;
};

}  // namespace ordersync::core
