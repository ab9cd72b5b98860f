// The program itself as a child process, and a client of it over TLS.
#pragma once

#include "signature.hpp"
#include "support/child_process.hpp"
#include "support/temp_dir.hpp"
#include "support/tls_certificates.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace pandapon_sim::testing {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace support = ordersync::test_support;

class program : public ::testing::Test {
 protected:
  support::temp_dir directory_;
  support::tls_certificates certificates_{directory_.path()};

  std::vector<std::string> command(const std::vector<std::string>& more) const {
    std::vector<std::string> argv{std::string(ORDERSYNC_BINARY_DIR) + "/pandapon-sim",
                                  "--tls-cert",
                                  certificates_.good().certificate_file.string(),
                                  "--tls-key",
                                  certificates_.good().key_file.string(),
                                  "--access-key",
                                  "key",
                                  "--access-secret",
                                  "secret",
                                  "--seed",
                                  "4"};
    argv.insert(argv.end(), more.begin(), more.end());
    return argv;
  }
  support::child_process start(const std::vector<std::string>& more) const {
    return support::child_process({command(more), {}, {}, "/", 9});
  }
};

/// One connection to a simulator that listens.
class client {
 public:
  explicit client(support::child_process& simulator) : stream_(io_, tls_) {
    const std::string line = simulator.wait_for_stdout("listening on ").value_or("");
    const int port = std::stoi(line.substr(line.rfind(':') + 1));
    stream_.next_layer().connect({asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)});
    stream_.handshake(asio::ssl::stream_base::client);
  }

  http::response<http::string_body> exchange(http::verb verb, const std::string& target, const std::string& body = "") {
    http::request<http::string_body> asked(verb, target, 11, body);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::string time = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    const std::string nonce(32, 'a');
    asked.set(http::field::content_type, "application/json");
    asked.set("access-key", "key");
    asked.set("timestamp", time);
    asked.set("nonce-str", nonce);
    asked.set("user-id", "1");
    asked.set("signature", sign("key", time, nonce, "secret"));
    asked.prepare_payload();
    http::write(stream_, asked);
    http::response_parser<http::string_body> reading;
    reading.body_limit(100'000'000);
    http::read(stream_, buffer_, reading);
    return reading.release();
  }

 private:
  asio::io_context io_;
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace pandapon_sim::testing
