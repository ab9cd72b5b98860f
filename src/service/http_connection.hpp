#pragma once
// One client's connection: requests one after the other, each within its time, each answered.
//
// Hazard: the objects given to it outlive its run().

#include "service/http_message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace ordersync::service {

// Answers a call; does not throw.
using http_dispatch = std::function<boost::asio::awaitable<http_answer>(http_call)>;

class http_connection : public std::enable_shared_from_this<http_connection> {
 public:
  // Not `admitted`: whatever it asks, the answer is that there are too many.
  http_connection(boost::asio::ip::tcp::socket socket, const http_limits& limits, const http_dispatch& dispatch,
                  bool admitted);

  // Until either side has enough. A client that goes or lingers is no error.
  boost::asio::awaitable<void> run();
  // Ends it at once.
  void cut() noexcept;
  // Since when it has been waiting for a request; none: it has one in hand, is at its end, or was turned away.
  std::optional<std::chrono::steady_clock::time_point> idle_since() const noexcept { return idle_since_; }

 private:
  enum class at_end { stop_reading, cut };

  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> respond(http_answer answer, bool head_only, bool keep_alive);
  boost::asio::awaitable<void> part();
  void limit(std::chrono::milliseconds time, at_end then);
  void unlimit();

  boost::asio::ip::tcp::socket socket_;
  const http_limits& limits_;
  const http_dispatch& dispatch_;
  bool admitted_;
  boost::beast::flat_buffer buffer_;
  boost::asio::steady_timer timer_;
  std::uint64_t turn_ = 0;  // of the timer: it distinguishes an old end from the present one
  bool late_ = false;
  std::optional<std::chrono::steady_clock::time_point> idle_since_;
};

}  // namespace ordersync::service
