#pragma once
// The small HTTP server behind service.listen and push.listen. Plain HTTP/1.1 for the host itself and for whoever its
// operator lets in by a proxy of theirs: it knows no TLS.
//
// Hazard: what handlers answer is readable by everybody who reaches the address. No secrets, no personal data.
//
// One I/O thread. Requests are bounded in size and time, connections in number; who exceeds a bound is answered with
// the status that says so, or cut off. Where all connections are taken, the one that is idle for longest makes room.
// What a handler takes is not bounded: one that waits for the database holds its connection, and the end of run(), for
// so long.

#include "core/error.hpp"
#include "core/log.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::service {

struct http_request {
  bool post = false;                                        // GET and HEAD otherwise; a HEAD's body is not sent
  std::string path;                                         // decoded, begins with '/'
  std::map<std::string, std::string, std::less<>> query{};  // decoded; of a name given twice the last
  std::optional<std::string> bearer{};                      // the token of `Authorization: Bearer`
  std::string authorization{};                              // the whole header
  std::string content_type{};
  std::string host{};    // as the client wrote it, with the port
  std::string origin{};  // of the page that a browser sends it for; empty: none was named
  std::string body{};
};

struct http_answer {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};  // besides those that every answer has
};

using http_handler = std::function<boost::asio::awaitable<http_answer>(http_request)>;

class http_server {
 public:
  http_server() = default;
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  virtual ~http_server() = default;

  // Before run(). A path serves one method: `post` or GET. A path that ends in '/' and is not "/" serves all below
  // it; "" serves all.
  virtual void route(bool post, std::string path, http_handler handler) = 0;
  // Address and port as they are once it listens (port 0 in the settings: the one that was free). failure::input when
  // the address cannot be had, with advice.
  virtual core::result<std::string> listen(const std::string& host, std::uint16_t port) = 0;
  // Until close(); throws on a defect only.
  virtual boost::asio::awaitable<void> run() = 0;
  // Listens no more and cuts what is open.
  virtual void close() noexcept = 0;
};

// Of a page for a few people and a scraper or two: what is beyond is a mistake or an attack. Sizes in bytes.
struct http_limits {
  std::uint32_t head = 16'384;
  std::size_t target = 4'096;
  std::uint64_t body = 65'536;
  std::size_t connections = 64;            // that are served; a few more get an answer that says so
  std::chrono::milliseconds idle{60'000};  // between requests; longer than scrapers pause
  std::chrono::milliseconds read{10'000};  // from the first byte of a request to its last
  std::chrono::milliseconds write{30'000};
};

// `log` outlives it. It is destroyed after run() has returned, or with the executor's context stopped for good.
// `setting`: what an address that cannot be had is named by.
std::unique_ptr<http_server> make_http_server(boost::asio::any_io_executor executor, core::log& log,
                                              http_limits limits = {}, std::string setting = "service.listen");

}  // namespace ordersync::service
