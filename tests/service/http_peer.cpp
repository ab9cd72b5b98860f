#include "service/http_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace ordersync::service::http_test {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

asio::awaitable<http_answer> echo(http_request request) {
  http_answer answer;
  answer.body = request.path;
  for (const auto& [name, value] : request.query) answer.body += fmt::format("|{}={}", name, value);
  if (request.bearer) answer.body += "|bearer " + *request.bearer;
  answer.body += "|" + request.body;
  co_return answer;
}

asio::awaitable<http_answer> hello(http_request) {
  http_answer answer;
  answer.body = "hello";
  co_return answer;
}

asio::awaitable<http_answer> throwing(http_request) {
  throw std::runtime_error{"secret text"};
  co_return http_answer{};
}

asio::awaitable<http_answer> bad_header(http_request) {
  http_answer answer;
  answer.headers.emplace_back("X-A", "b\r\nX-C: d");
  co_return answer;
}

}  // namespace

running_server::running_server(http_limits limits)
    : server_(make_http_server(io_.get_executor(), log_, limits)),
      released_(io_, std::chrono::steady_clock::time_point::max()) {
  server_->route(false, "/hello", hello);
  server_->route(false, "/echo/", echo);
  server_->route(true, "/post", echo);
  server_->route(false, "/throw", throwing);
  server_->route(false, "/bad-header", bad_header);
  server_->route(false, "/slow", [this](http_request request) -> asio::awaitable<http_answer> {
    ++slow_;
    slow_.notify_all();
    co_await released_.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return co_await hello(std::move(request));
  });
  const auto address = server_->listen("127.0.0.1", 0).value();
  const auto digits = std::string_view{address}.substr(address.rfind(':') + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port_);
  asio::co_spawn(io_, server_->run(), [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  thread_ = std::thread([this] { io_.run(); });
}

void running_server::close() {
  asio::post(io_, [this] { server_->close(); });
}

void running_server::release() {
  asio::post(io_, [this] { released_.cancel(); });
}

void running_server::wait_for_slow(int requests) {
  for (int come = slow_; come < requests; come = slow_) slow_.wait(come);
}

void running_server::stop() {
  if (!thread_.joinable()) return;
  close();
  release();
  thread_.join();
}

client::client(const running_server& server) : socket_(io_) {
  socket_.connect({asio::ip::make_address("127.0.0.1"), server.port()});
}

void client::say(std::string_view text) {
  error_code gone;  // whoever is cut off while speaking still may receive the answer
  asio::write(socket_, asio::buffer(text), gone);
}

std::string client::answer(bool head) {
  error_code failed;
  const auto head_size = asio::read_until(socket_, asio::dynamic_buffer(buffer_), "\r\n\r\n", failed);
  if (failed) return {};
  constexpr std::string_view field = "Content-Length: ";
  std::size_t length = 0;
  const auto digits = std::string_view{buffer_}.substr(buffer_.find(field) + field.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  const auto whole = head_size + (head ? 0 : length);
  if (buffer_.size() < whole)
    asio::read(socket_, asio::dynamic_buffer(buffer_), asio::transfer_exactly(whole - buffer_.size()), failed);
  auto result = buffer_.substr(0, whole);
  buffer_.erase(0, whole);
  return result;
}

std::string client::rest() {
  error_code ended;
  asio::read(socket_, asio::dynamic_buffer(buffer_), ended);
  return std::exchange(buffer_, {});
}

bool client::ended() {
  return rest().empty();
}

std::string ask(const running_server& server, std::string_view text) {
  client one(server);
  one.say(text);
  return one.answer();
}

std::string get(std::string_view target, std::string_view more) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n{}\r\n", target, more);
}

}  // namespace ordersync::service::http_test
