#pragma once
// Connections to one host that are kept between calls, and what they are made with, for all clients that call that host
// in the same way. Hundreds of accounts need no more connections than there are calls in flight, and read the trusted
// certificates, which take a megabyte, once. One I/O thread.

#include "core/error.hpp"
#include "pandapon/http/https_connection.hpp"

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::pandapon::http {

// Lives as long as a client does, because a connection must not outlive the executor that it was made for.
class kept_connections {
 public:
  using connection_ptr = std::unique_ptr<https_connection>;

  // `life` counts from connecting.
  explicit kept_connections(std::chrono::steady_clock::duration life) : life_(life) {}

  // For whoever calls next, if it can be used again.
  void keep(connection_ptr connection);
  // The one used last; none: connect.
  connection_ptr take();

 private:
  bool too_old(const https_connection& connection) const;

  std::chrono::steady_clock::duration life_;
  std::vector<connection_ptr> kept_;
};

// What the clients of one host share; each is made when it is asked for first.
class shared_connections {
 public:
  // The system's trust anchors and that of the file, "": none. Later calls name the same file. failure::input where it
  // cannot be used.
  core::result<std::shared_ptr<boost::asio::ssl::context>> tls(const std::string& ca_file);
  // Held by the clients alone.
  std::shared_ptr<kept_connections> kept(std::chrono::steady_clock::duration life);

 private:
  std::shared_ptr<boost::asio::ssl::context> tls_;
  std::weak_ptr<kept_connections> kept_;
};

}  // namespace ordersync::pandapon::http
