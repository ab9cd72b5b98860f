#pragma once
// How the proxy before the API is used, and so whom a connection is made to first.

#include "core/http_proxy.hpp"
#include "core/https_url.hpp"
#include "pandapon/http/server_names.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ordersync::pandapon::http {

struct proxy_access {
  core::http_proxy at;
  std::string user;  // empty: no credentials are sent
  std::string password;
  std::string setting = "api.proxy";  // what says so, for people
};

// The server that is connected to: the API itself, or the proxy, which then looks up the API's name.
struct first_hop {
  std::string host;
  std::uint16_t port = 0;
  std::string setting;  // what names it
  std::string shown;    // as messages call it
};

inline first_hop first_hop_of(const core::https_url& address, const std::optional<proxy_access>& proxy,
                              const server_names& names = {}) {
  if (proxy) return {proxy->at.host, proxy->at.port, proxy->setting, "the host name " + proxy->at.host};
  return {address.host, address.port, names.address, names.shown("the host name " + address.host)};
}

}  // namespace ordersync::pandapon::http
