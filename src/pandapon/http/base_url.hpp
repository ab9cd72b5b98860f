#pragma once
// Where the API lives. Pure; any thread.

#include "core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ordersync::pandapon::http {

struct https_address {
  std::string host;  // a DNS name, or an IP address without brackets
  std::uint16_t port = 443;
  bool numeric = false;  // host is an IP address

  // What stands in the Host header: brackets around IPv6, the port unless it is 443.
  std::string authority() const;
};

// "https://api.pandapon.com", with a port where wanted, a trailing slash allowed and nothing else behind.
// failure::input for anything else: another scheme, user information, a path.
core::result<https_address> parse_base_url(std::string_view url);

// Whether `path` can stand in a request line: begins with a slash, visible ASCII, no fragment.
bool usable_path(std::string_view path);

}  // namespace ordersync::pandapon::http
