#pragma once
// The way through a proxy (RFC 9110, CONNECT): asked for by the API's host and port, on a connection to the proxy. What
// follows on the connection is the API's own, TLS to begin with.
//
// What a proxy refuses is failure::unreachable, whatever its status: it is the proxy's word and not the API's, which
// has not been asked. One I/O thread.

#include "core/error.hpp"
#include "core/https_url.hpp"
#include "pandapon/http/proxy.hpp"
#include "pandapon/http/server_names.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <string>

namespace ordersync::pandapon::http {

// The value of Proxy-Authorization: "Basic ...".
std::string basic_authorization(const std::string& user, const std::string& password);

// Ends when `stream` expires or is closed; the error then is a plain boost error in `io`, which whoever set the limit
// explains. Of what `stream` carries nothing is read beyond the proxy's own reply.
struct tunnel_outcome {
  boost::system::error_code io{};
  core::result<void> opened{};
};
boost::asio::awaitable<tunnel_outcome> open_tunnel(boost::beast::tcp_stream& stream, const core::https_url& address,
                                                   const proxy_access& proxy, const server_names& names);

}  // namespace ordersync::pandapon::http
