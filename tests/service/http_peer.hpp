#pragma once
// For tests: a server on a thread of its own, and clients that send exactly what the test gives them.

#include "service/http_server.hpp"
#include "support/recorded_log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ordersync::service::http_test {

using test_support::recorded_log;

class running_server {
 public:
  // Serves /hello, /echo/ (path, query, bearer and body), POST /post, /throw, /bad-header and /slow, which is answered
  // when release() was called.
  explicit running_server(http_limits limits = {});
  ~running_server() { stop(); }
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;

  void stop();
  // From any thread: as the daemon does at its end, while connections are open.
  void close();
  void release();
  // Until so many requests for /slow have come.
  void wait_for_slow(int requests);
  std::uint16_t port() const { return port_; }
  std::vector<std::string> logged() const { return log_.lines(); }

 private:
  boost::asio::io_context io_{1};
  recorded_log log_;
  std::unique_ptr<http_server> server_;
  boost::asio::steady_timer released_;
  std::atomic<int> slow_{0};
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class client {
 public:
  explicit client(const running_server& server);

  void say(std::string_view text);
  // One answer, by its Content-Length; `head`: without body. Empty when the connection ended instead.
  std::string answer(bool head = false);
  // Everything until the connection ends.
  std::string rest();
  bool ended();  // waits until the other side ends

 private:
  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::socket socket_;
  std::string buffer_;
};

// A connection of its own for one request.
std::string ask(const running_server& server, std::string_view text);
std::string get(std::string_view target, std::string_view more = {});

}  // namespace ordersync::service::http_test
