#pragma once
// A TLS server that answers by script, byte for byte: for what no proper server does. Every connection has a thread.

#include "support/tls_certificates.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace ordersync::test_support {

// One accepted connection, used on its own thread. Nothing throws: a peer that has gone is part of the tests.
class tls_session {
 public:
  tls_session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context, int number);

  int number() const { return number_; }  // 0 is the first connection
  bool shake_hands();
  std::string server_name() const;  // what the client asked for by SNI; empty: nothing

  // A request from its first byte to the end of its body; empty when the peer closed before one was whole.
  std::string read_request();
  bool write(std::string_view bytes);
  void wait_for_close();     // until the peer has closed
  void send_close_notify();  // TLS's close_notify, then until the peer has closed
  void close();              // at once, without close_notify
  boost::asio::ip::tcp::socket& tcp() { return stream_.next_layer(); }

 private:
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  int number_;
};

class tls_server {
 public:
  using script = std::function<void(tls_session&)>;

  struct manner {
    bool plain = false;              // the script is called before the handshake
    bool old_tls = false;            // TLS 1.1 at most
    bool weak = false;               // takes keys and digests that are no longer safe
    bool wants_certificate = false;  // of the client
    bool newest_tls = true;          // 1.3; else 1.2
  };

  // Listens on 127.0.0.1 at a free port. The script is called for each connection after a handshake that went well.
  tls_server(const server_credentials& credentials, script run) : tls_server(credentials, std::move(run), manner{}) {}
  tls_server(const server_credentials& credentials, script run, manner how);
  tls_server(const tls_server&) = delete;
  tls_server& operator=(const tls_server&) = delete;
  ~tls_server();

  unsigned short port() const { return acceptor_.local_endpoint().port(); }
  int connections() const { return connections_; }
  int handshakes() const { return handshakes_; }  // that the client completed

 private:
  void accept();
  void serve(const std::shared_ptr<tls_session>& session);

  boost::asio::io_context io_;
  boost::asio::ssl::context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  script run_;
  bool plain_;
  std::atomic<int> connections_{0};
  std::atomic<int> handshakes_{0};
  std::mutex mutex_;
  std::vector<std::shared_ptr<tls_session>> sessions_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

// A reply with a proper length.
std::string http_ok(std::string_view body, std::string_view more_headers = {});

}  // namespace ordersync::test_support
