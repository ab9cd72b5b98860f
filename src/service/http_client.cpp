#include "service/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <exception>
#include <optional>

namespace ordersync::service {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t longest_body = 64U << 10;

struct question {
  asio::ip::tcp::endpoint to;
  std::string host;
  std::string path;
  std::chrono::milliseconds timeout;
};

asio::awaitable<health_answer> ask(const question& what) {
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  stream.expires_after(what.timeout);
  co_await stream.async_connect(what.to, asio::use_awaitable);
  http::request<http::empty_body> request(http::verb::get, what.path, 11);
  request.set(http::field::host, what.host);
  request.set(http::field::connection, "close");
  co_await http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(longest_body);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  auto reply = parser.release();
  co_return health_answer{reply.result_int(), std::move(reply.body())};
}

core::error failed(const question& what, std::string_view why) {
  return core::make_error(core::failure::unreachable, fmt::format("http://{}{}: {}", what.host, what.path, why));
}

}  // namespace

core::result<health_answer> ask_health(const std::string& host, std::uint16_t port, const std::string& path,
                                       std::chrono::milliseconds timeout) {
  boost::system::error_code wrong;
  const auto address = asio::ip::make_address(host, wrong);
  const question what{{address, port},
                      address.is_v6() ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port),
                      path,
                      timeout};
  if (wrong) return failed(what, wrong.message());
  asio::io_context io;
  std::optional<health_answer> answer;
  std::string why;
  asio::co_spawn(io, ask(what), [&](const std::exception_ptr& thrown, health_answer got) {
    if (!thrown) {
      answer = std::move(got);
      return;
    }
    try {
      std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& e) {
      why = e.code() == beast::error::timeout ? fmt::format("no answer within {} ms", timeout.count())
                                              : e.code().message();
    }
  });
  io.run();
  if (!answer) return failed(what, why);
  return std::move(*answer);
}

}  // namespace ordersync::service
