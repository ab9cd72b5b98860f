#pragma once
// Requests to one host over connections that are kept: as many as there are calls in flight, of all clients that share
// them. One I/O thread.

#include "core/error.hpp"
#include "core/log.hpp"
#include "pandapon/http/https_connection.hpp"
#include "pandapon/http/https_connections.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ordersync::pandapon::http {

// A kept connection stays with the server it was made to, also when the name points elsewhere by now and that server
// lives on with data that nobody renews. Five minutes is what a moved name's old address usually is still served for;
// a handshake every five minutes costs nothing.
constexpr std::chrono::minutes longest_connection_life{5};

struct https_settings {
  core::https_url address;
  std::optional<proxy_access> proxy;
  std::uint64_t max_body = 0;  // bytes
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::chrono::steady_clock::duration connection_life = longest_connection_life;  // from connecting
  server_names names{};                                                           // for messages
  host_lookup look_up = look_up_host;                                             // asked for every new connection
  std::shared_ptr<kept_connections> kept{};  // null: its own; else all of this is the same for whoever shares them
};

// Calls in flight keep the client alive, so it may be let go of at any time.
class https_client : public std::enable_shared_from_this<https_client> {
 public:
  https_client(boost::asio::any_io_executor executor, https_settings settings, core::log& log);

  // Everything, from finding the address to the reply's last byte, ends by `limit`. No retries but one: a kept
  // connection that dies before any byte of a reply is replaced by a new one. Redirects are not followed. `window_name`
  // is for the log.
  boost::asio::awaitable<core::result<http_reply>> post(std::string path,
                                                        std::vector<std::pair<std::string, std::string>> headers,
                                                        std::string body, time_limit limit,
                                                        std::string window_name = {});

  // Ends what this client has in flight with failure::unreachable, and whatever is asked later.
  void close() noexcept;

 private:
  using connection_ptr = kept_connections::connection_ptr;
  class busy;

  https_request make_request(const std::string& path, const std::vector<std::pair<std::string, std::string>>& headers,
                             std::string body) const;
  boost::asio::awaitable<core::result<http_reply>> send(const https_request& request, time_limit limit);
  boost::asio::awaitable<core::result<http_reply>> send_on_new(const https_request& request, time_limit limit);
  boost::asio::awaitable<exchange_outcome> exchange_and_keep(connection_ptr connection, const https_request& request,
                                                             time_limit limit);
  void log_exchange(const std::string& path, const std::string& window_name, const core::result<http_reply>& reply,
                    time_limit since) const;

  boost::asio::any_io_executor executor_;
  https_settings settings_;
  core::log& log_;
  host_resolver resolver_;
  std::unordered_set<https_connection*> busy_;
  bool closed_ = false;
};

}  // namespace ordersync::pandapon::http
