// One TLS connection from handshake to end. Runs on the server's thread.
#pragma once

#include "api.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include <exception>

namespace pandapon_sim {

using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

/// The wall clock as the vendor's server would read it.
epoch_ms vendor_now(const world& w);

/// For coroutines that end by themselves: an exception in one is a defect, and is reported on stderr.
void report(std::exception_ptr failure);

/// Serves requests until the client leaves or a fault ends the connection. Errors of the connection are no errors of
/// ours and end it silently.
boost::asio::awaitable<void> serve_connection(tls_stream stream, world& w);

}  // namespace pandapon_sim
