#pragma once
// What messages call the server that is asked, and the settings that are about it. An address may be a secret, as a
// webhook's is: then a name stands for it wherever it would be shown. Pure.

#include <string>
#include <utility>

namespace ordersync::pandapon::http {

struct server_names {
  std::string server{};                         // empty: its own address may be shown
  std::string address = "api.base_url";         // what names the address
  std::string ca_file = "api.ca_file";          // what names the certificates of an authority of one's own
  std::string timeout = "api.request_timeout";  // what sets the limit of a request, or how long that is

  // `own`, the address or a part of it, or what stands for it.
  std::string shown(std::string own) const { return server.empty() ? std::move(own) : server; }
};

}  // namespace ordersync::pandapon::http
