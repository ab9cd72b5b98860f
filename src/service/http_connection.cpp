#include "service/http_connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ordersync::service {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// A connection that is closed with bytes unread is reset, and the reset may overtake the answer. So what still comes is
// read for a moment, up to a bound.
constexpr std::chrono::milliseconds longest_parting{1'000};
constexpr std::size_t most_discarded = 262'144;

}  // namespace

http_connection::http_connection(tcp::socket socket, const http_limits& limits, const http_dispatch& dispatch,
                                 bool admitted)
    : socket_(std::move(socket)),
      limits_(limits),
      dispatch_(dispatch),
      admitted_(admitted),
      // Room for one request; pipelined ones wait in the kernel.
      buffer_(limits.head + static_cast<std::size_t>(limits.body)),
      timer_(socket_.get_executor()) {
  error_code ignored;
  socket_.set_option(tcp::no_delay{true}, ignored);
}

asio::awaitable<void> http_connection::run() {
  bool more = true;
  while (more) more = co_await serve_one();
  co_await part();
}

void http_connection::cut() noexcept {
  idle_since_.reset();
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
}

// Whether another request may follow.
asio::awaitable<bool> http_connection::serve_one() {
  if (const bool came = co_await wait_for_request(); !came) co_return false;
  http::request_parser<http::string_body> parser;
  parser.header_limit(limits_.head);
  parser.body_limit(limits_.body);
  limit(limits_.read, at_end::stop_reading);
  const auto [failed, read] = co_await http::async_read(socket_, buffer_, parser, as_result);
  const bool late = late_;
  unlimit();
  if (!admitted_) {
    auto answer = plain_answer(503, "too many connections; try again later");
    answer.headers.emplace_back("Retry-After", "5");
    co_return co_await respond(std::move(answer), false, false);
  }
  if (late) {
    auto answer = plain_answer(408, "the request did not arrive in time");
    co_return co_await respond(std::move(answer), false, false);
  }
  if (failed) {
    const auto seen = buffer_.cdata();
    auto answer = answer_to_unreadable(failed, {static_cast<const char*>(seen.data()), seen.size()});
    if (!answer) co_return false;
    co_return co_await respond(std::move(*answer), false, false);
  }
  auto call = read_http_call(parser.get(), limits_);
  // After a request that was refused nobody knows for sure where the next one begins.
  if (auto* refusal = std::get_if<http_answer>(&call))
    co_return co_await respond(std::move(*refusal), parser.get().method() == http::verb::head, false);
  const bool head_only = std::get<http_call>(call).method == http_method::head;
  auto answer = co_await dispatch_(std::move(std::get<http_call>(call)));
  co_return co_await respond(std::move(answer), head_only, parser.get().keep_alive());
}

asio::awaitable<bool> http_connection::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  limit(admitted_ ? limits_.idle : limits_.read, at_end::stop_reading);
  if (admitted_) idle_since_ = std::chrono::steady_clock::now();
  const auto [failed] = co_await socket_.async_wait(tcp::socket::wait_read, as_result);
  idle_since_.reset();
  const bool late = late_;
  unlimit();
  co_return !failed && !late;
}

asio::awaitable<bool> http_connection::respond(http_answer answer, bool head_only, bool keep_alive) {
  const auto head = http_head(answer, keep_alive);
  std::array<asio::const_buffer, 2> parts{asio::buffer(head)};
  if (!head_only) parts[1] = asio::buffer(answer.body);
  limit(limits_.write, at_end::cut);
  const auto [failed, written] = co_await asio::async_write(socket_, parts, as_result);
  unlimit();
  co_return !failed && keep_alive;
}

asio::awaitable<void> http_connection::part() {
  error_code failed;
  socket_.shutdown(tcp::socket::shutdown_send, failed);
  limit(longest_parting, at_end::cut);
  std::array<char, 4'096> discarded{};
  for (std::size_t total = 0; !failed && total < most_discarded;) {
    const auto [ended, read] = co_await socket_.async_read_some(asio::buffer(discarded), as_result);
    failed = ended;
    total += read;
  }
  unlimit();
  cut();
}

// Ends whatever goes on when the time is over. Not by a cancellation, which a composed operation between two steps
// would miss.
void http_connection::limit(std::chrono::milliseconds time, at_end then) {
  late_ = false;
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this(), turn = ++turn_, then](const error_code& stopped) {
    if (stopped || turn != self->turn_) return;
    self->late_ = true;
    if (then == at_end::cut) return self->cut();
    error_code ignored;
    self->socket_.shutdown(tcp::socket::shutdown_receive, ignored);
  });
}

void http_connection::unlimit() {
  ++turn_;
  late_ = false;
  timer_.cancel();
}

}  // namespace ordersync::service
