#pragma once
// How the proxy before the API is used, and so whom a connection is made to first.

#include "core/http_proxy.hpp"
#include "core/https_url.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ordersync::pandapon::http {

struct proxy_access {
  core::http_proxy at;
  std::string user;  // empty: it is told none
  std::string password;
  std::string setting = "api.proxy";  // what says so, for people
};

// The server that is connected to: the API itself, or the proxy, which then looks up the API's name.
struct first_hop {
  std::string host;
  std::uint16_t port = 0;
  std::string setting;  // what names it
};

inline first_hop first_hop_of(const core::https_url& address, const std::optional<proxy_access>& proxy) {
  if (proxy) return {proxy->at.host, proxy->at.port, proxy->setting};
  return {address.host, address.port, "api.base_url"};
}

}  // namespace ordersync::pandapon::http
