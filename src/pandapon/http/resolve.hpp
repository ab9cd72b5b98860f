#pragma once
// Host names to addresses within a deadline.
//
// getaddrinfo blocks and cannot be cancelled, and Asio's resolver waits for it even when it was cancelled and when the
// io_context goes: a dead name server would hold up every deadline, and the end of the program. So each look-up has a
// thread of its own, which is left alone once nobody waits for it any more; it then touches nothing of ours.

#include "core/error.hpp"
#include "pandapon/http/proxy.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ordersync::pandapon::http {

using tcp_addresses = std::vector<boost::asio::ip::tcp::endpoint>;

struct host_answer {
  int error = 0;  // getaddrinfo's
  tcp_addresses addresses;
};

// Blocks; called on a thread of its own.
using host_lookup = std::function<host_answer(const std::string& host, std::uint16_t port)>;

// Asks this machine's resolver.
host_answer look_up_host(const std::string& host, std::uint16_t port);

// One I/O thread. Outlives its look-ups.
class host_resolver {
 public:
  explicit host_resolver(host_lookup look_up = look_up_host) : look_up_(std::move(look_up)) {}

  // At least one address, or failure::unreachable: no such name, no answer by `deadline`, or cancelled.
  boost::asio::awaitable<core::result<tcp_addresses>> resolve(first_hop hop,
                                                              std::chrono::steady_clock::time_point deadline);

  // Ends the look-ups that are waited for.
  void cancel() noexcept;

 private:
  host_lookup look_up_;
  std::unordered_set<boost::asio::steady_timer*> waiting_;
};

}  // namespace ordersync::pandapon::http
