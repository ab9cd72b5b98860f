#include "session.hpp"

#include "delivery.hpp"
#include "detail/calls.hpp"
#include "gate.hpp"
#include "past.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

namespace pandapon_sim {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
/// A client that does not answer TLS's close_notify is left after that long.
constexpr auto close_notify_timeout = std::chrono::seconds(1);

using parser = http::request_parser<http::string_body>;

request take_request(parser& from) {
  http::request<http::string_body> read = from.release();
  request out;
  out.method = read.method_string();
  const std::string target = read.target();
  const std::size_t mark = std::min(target.find('?'), target.size());
  out.path = target.substr(0, mark);
  if (mark < target.size()) out.query = target.substr(mark + 1);
  for (const auto& field : read) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    out.headers.emplace(std::move(name), field.value());
  }
  out.keep_alive = read.keep_alive();
  out.body = std::move(read.body());
  return out;
}

asio::awaitable<void> wait_until(tls_stream& stream, steady::time_point when) {
  if (when <= steady::now()) co_return;
  asio::steady_timer timer(stream.get_executor(), when);
  co_await timer.async_wait(as_values);
}

asio::awaitable<bool> send(tls_stream& stream, std::string_view bytes) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  const auto [error, sent] = co_await asio::async_write(stream, buffer, as_values);
  co_return !error;
}

asio::awaitable<bool> drip(tls_stream& stream, std::string_view bytes, std::int64_t bytes_per_second) {
  const auto step = static_cast<std::size_t>(std::max<std::int64_t>(1, bytes_per_second / 20));
  const auto pause = std::chrono::microseconds(1'000'000 * static_cast<std::int64_t>(step) / bytes_per_second);
  auto next = steady::now();
  while (!bytes.empty()) {
    const std::size_t size = std::min(step, bytes.size());
    if (!co_await send(stream, bytes.substr(0, size))) co_return false;
    bytes.remove_prefix(size);
    next += pause;
    co_await wait_until(stream, next);
  }
  co_return true;
}

asio::awaitable<void> send_close_notify(tls_stream& stream) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timeout(stream.get_executor(), close_notify_timeout);
  co_await (stream.async_shutdown(as_values) || timeout.async_wait(as_values));
}

asio::awaitable<void> wait_for_client_to_go(tls_stream& stream) {
  std::array<char, 512> ignored{};
  for (;;) {
    const auto buffer = asio::buffer(ignored);
    const auto [error, size] = co_await stream.async_read_some(buffer, as_values);
    if (error) co_return;
  }
}

/// Does with the connection what the delivery says; true if another request may follow.
asio::awaitable<bool> end_or_keep(tls_stream& stream, afterwards then) {
  error_code ignored;
  switch (then) {
    case afterwards::keep:
      co_return true;
    case afterwards::close:
      co_await send_close_notify(stream);
      break;
    case afterwards::stall:
      co_await wait_for_client_to_go(stream);
      break;
    case afterwards::reset:
      stream.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
      break;
    case afterwards::drop:
      break;
  }
  stream.next_layer().close(ignored);
  co_return false;
}

asio::awaitable<bool> send_delivery(tls_stream& stream, delivery what, steady::time_point not_before) {
  co_await wait_until(stream, not_before + std::chrono::milliseconds(what.delay_ms));
  bool sent = true;
  if (what.bytes_per_second > 0) {
    sent = co_await drip(stream, what.bytes, what.bytes_per_second);
  } else if (!what.bytes.empty()) {
    sent = co_await send(stream, what.bytes);
  }
  if (!sent) co_return false;
  co_return co_await end_or_keep(stream, what.then);
}

/// Which truth is wanted: `from=` and `to=` of the query string, half-open in createTime; `at=`, epoch milliseconds;
/// `details=1`, with what the orders' details say.
struct truth_range {
  std::optional<epoch_ms> from, to, at;
  bool details = false;
  bool holds(epoch_ms time) const { return (!from || time >= *from) && (!to || time < *to); }
};

truth_range read_truth_range(std::string_view query) {
  truth_range out;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.starts_with("from=")) out.from = parse_argument_time(part.substr(5));
    if (part.starts_with("to=")) out.to = parse_argument_time(part.substr(3));
    if (part == "details=1") out.details = true;
    if (part.starts_with("at=")) {
      epoch_ms at = 0;
      std::from_chars(part.data() + 3, part.data() + part.size(), at);
      out.at = at;
    }
  }
  return out;
}

/// JSON lines whose number nobody knows beforehand, a block of them at a time.
class line_stream {
 public:
  explicit line_stream(tls_stream& stream) : stream_(stream) {}

  asio::awaitable<bool> begin(const world& w) {
    const std::string head = fmt::format(
        "HTTP/1.1 200 OK\r\nDate: {}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n",
        http_date(vendor_now(w)));
    co_return co_await send(stream_, head);
  }
  /// Append to this, then end_line().
  std::string& text() { return lines_; }
  asio::awaitable<bool> end_line() {
    lines_ += '\n';
    if (lines_.size() < block) co_return true;
    co_return co_await flush();
  }
  asio::awaitable<bool> end() {
    // A statement each: g++ 12 miscompiles a co_await on the right of && here.
    const bool sent = co_await flush();
    if (!sent) co_return false;
    co_return co_await send(stream_, "0\r\n\r\n");
  }

 private:
  /// Large enough to be fast, small beside the catalogue.
  static constexpr std::size_t block = 64UL * 1024;

  asio::awaitable<bool> flush() {
    if (lines_.empty()) co_return true;
    const std::string chunk = fmt::format("{:x}\r\n{}\r\n", lines_.size(), lines_);
    lines_.clear();
    co_return co_await send(stream_, chunk);
  }

  tls_stream& stream_;
  std::string lines_;
};

/// Orders that change meanwhile are written as they are when their turn comes; what is past stays as it was.
asio::awaitable<bool> send_truth(tls_stream& stream, const world& w, const request& asked) {
  const truth_range wanted = read_truth_range(asked.query);
  const std::optional<past> then = wanted.at ? std::optional<past>(std::in_place, w.orders, *wanted.at) : std::nullopt;
  line_stream out(stream);
  if (!co_await out.begin(w)) co_return false;
  for (std::uint32_t slot = 0; slot < w.orders.slots(); ++slot) {
    const std::optional<record> found = w.orders.at_slot(slot);
    if (!found || !wanted.holds(found->created)) continue;
    const auto shown = then ? then->of(*found) : snapshot{*found, w.orders.vanished(*found)};
    if (!shown) continue;
    w.orders.write_truth(out.text(), *shown, wanted.details);
    if (!co_await out.end_line()) co_return false;
  }
  co_return co_await out.end();
}

/// The next request reports what happens meanwhile.
asio::awaitable<bool> send_log(tls_stream& stream, const world& w) {
  line_stream out(stream);
  if (!co_await out.begin(w)) co_return false;
  const std::size_t count = w.orders.events().size();
  for (std::size_t i = 0; i < count; ++i) {
    w.orders.write_event(out.text(), w.orders.events()[i]);
    if (!co_await out.end_line()) co_return false;
  }
  co_return co_await out.end();
}

/// Counts a request as in flight for as long as it lives.
class flight {
 public:
  explicit flight(statistics& stats) : stats_(stats) {
    ++stats_.in_flight;
    stats_.max_in_flight = std::max(stats_.max_in_flight, stats_.in_flight);
  }
  ~flight() { --stats_.in_flight; }
  flight(const flight&) = delete;
  flight& operator=(const flight&) = delete;

 private:
  statistics& stats_;
};

asio::awaitable<bool> answer_call(tls_stream& stream, world& w, const request& asked) {
  const auto arrived = steady::now();
  const flight counted(w.stats);
  const epoch_ms now = vendor_now(w);
  const reply meant = is_page_path(asked.path) ? handle_page(w, asked, now) : handle_detail(w, asked, now);
  const auto date = shown_date(w.set.behaves.gate, now, w.replies++);
  delivery what = deliver(meant, date, asked.keep_alive, w.page_requests);
  co_return co_await send_delivery(stream, std::move(what), arrived + std::chrono::milliseconds(w.set.latency_ms));
}

asio::awaitable<bool> answer(tls_stream& stream, world& w, const request& asked) {
  if (is_page_path(asked.path) || is_detail_path(asked.path)) co_return co_await answer_call(stream, w, asked);
  if (asked.method == "GET" && asked.path == "/_truth") co_return co_await send_truth(stream, w, asked);
  if (asked.method == "GET" && asked.path == "/_log") co_return co_await send_log(stream, w);
  const epoch_ms now = vendor_now(w);
  delivery what = deliver(handle_control(w, asked, now), now, asked.keep_alive, 0);
  co_return co_await send_delivery(stream, std::move(what), steady::now());
}

}  // namespace

epoch_ms vendor_now(const world& w) {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count() + w.set.clock_offset_ms;
}

void report(std::exception_ptr failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    std::cerr << "pandapon-sim: " << error.what() << '\n';
  }
}

asio::awaitable<void> serve_connection(tls_stream stream, world& w) {
  const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, as_values);
  if (failed) co_return;
  ++w.stats.handshakes;
  boost::beast::flat_buffer buffer;
  for (bool more = true; more;) {
    parser reading;
    reading.body_limit(1024UL * 1024);
    const auto [error, size] = co_await http::async_read(stream, buffer, reading, as_values);
    if (error) co_return;
    ++w.stats.requests;
    const request asked = take_request(reading);
    more = co_await answer(stream, w, asked);
  }
}

}  // namespace pandapon_sim
