#pragma once
// A TCP connection to whichever address of a host answers first (RFC 8305): the addresses take turns by family, each is
// tried a little after the one before it or as soon as that has failed, and the first that is connected ends the
// others. So a family that leads nowhere costs a quarter of a second, and not the whole deadline.
//
// One I/O thread.

#include "core/error.hpp"
#include "pandapon/http/resolve.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::pandapon::http {

// The families take turns, beginning with that of the first; within each the resolver's order stays. Pure.
tcp_addresses by_turns(const tcp_addresses& addresses);

class connection_race : public std::enable_shared_from_this<connection_race> {
 public:
  // How long an address is tried alone.
  static constexpr std::chrono::milliseconds head_start{250};

  // Shared, because attempts that lost end after the race.
  connection_race(boost::asio::any_io_executor executor, const tcp_addresses& addresses);
  connection_race(const connection_race&) = delete;
  connection_race& operator=(const connection_race&) = delete;
  ~connection_race() = default;

  // Once. None when no address could be connected to by `limit`, or close() ended it: see failures().
  boost::asio::awaitable<std::optional<boost::asio::ip::tcp::socket>> run(std::chrono::steady_clock::time_point limit);

  // What became of each address: "[2001:db8::1]: Network is unreachable; 203.0.113.7: no answer"; of one alone the
  // reason without its address.
  std::string failures() const;

  void close() noexcept;

 private:
  struct attempt {
    boost::asio::ip::tcp::socket socket;
    std::optional<boost::system::error_code> ended{};
  };

  void start_next();
  void conclude(std::size_t number, const boost::system::error_code& failed);
  bool is_over() const;
  bool is_next_due() const;

  boost::asio::any_io_executor executor_;
  tcp_addresses addresses_;
  std::vector<attempt> attempts_;  // of the first so many addresses
  std::optional<std::size_t> winner_;
  std::chrono::steady_clock::time_point next_at_{};
  boost::asio::steady_timer wake_;  // when the next is due; cancelled when something has happened
  bool closed_ = false;
};

}  // namespace ordersync::pandapon::http
