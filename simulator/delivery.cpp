#include "delivery.hpp"

#include "random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace pandapon_sim {
namespace {

std::string_view reason(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 302:
      return "Found";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

std::int64_t changed(std::int64_t value, const fault& by) {
  if (by.sign == '+') return value + by.number;
  if (by.sign == '-') return value - by.number;
  return by.number;
}

/// How the body is framed and what surrounds the reply; faults change it bit by bit.
struct framing {
  std::int64_t length = 0;
  bool with_length = true;
  bool second_length = false;
  bool chunked = false;
  bool last_chunk = true;
  bool bad_chunk = false;
  std::int64_t body_limit = -1;  // bytes of the body that leave, all if negative
  std::int64_t date_change_s = 0;
  std::string before, after, more_headers;
};

std::string chunks(const std::string& body, const framing& f) {
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += 4096) {
    const std::size_t size = std::min<std::size_t>(4096, body.size() - at);
    out += f.bad_chunk && at == 0 ? "zz\r\n" : fmt::format("{:x}\r\n", size);
    out.append(body, at, size).append("\r\n");
  }
  if (f.last_chunk) out += "0\r\n\r\n";
  return out;
}

void change_framing(const fault& by, framing& f, delivery& d, std::uint64_t seed) {
  switch (by.what) {
    case action::length:
      f.length = std::max<std::int64_t>(0, changed(f.length, by));
      break;
    case action::no_length:
      f.with_length = false;
      d.then = afterwards::close;
      break;
    case action::no_length_rude:
      f.with_length = false;
      d.then = afterwards::drop;
      break;
    case action::two_lengths:
      f.second_length = true;
      break;
    case action::length_and_chunked:
      f.chunked = true;
      break;
    case action::chunked:
      f.chunked = true;
      f.with_length = false;
      break;
    case action::chunked_cut:
      f.chunked = true;
      f.with_length = f.last_chunk = false;
      d.then = afterwards::close;
      break;
    case action::bad_chunk:
      f.chunked = f.bad_chunk = true;
      f.with_length = false;
      break;
    case action::extra:
      f.after = junk(seed, by.number);
      break;
    case action::interim:
      f.before = "HTTP/1.1 100 Continue\r\n\r\n";
      break;
    case action::header: {
      const std::size_t blank = std::min(by.text.find(' '), by.text.size());
      f.more_headers += by.text.substr(0, blank) + ":" + by.text.substr(blank) + "\r\n";
      break;
    }
    case action::big_header:
      f.more_headers += "X-Padding: " + std::string(static_cast<std::size_t>(by.number), 'x') + "\r\n";
      break;
    case action::date:
      f.date_change_s = changed(0, by);
      break;
    default:
      break;
  }
}

void change_ending(const fault& by, framing& f, delivery& d) {
  switch (by.what) {
    case action::cut:
      f.body_limit = by.number;
      d.then = afterwards::drop;
      break;
    case action::cut_clean:
      f.body_limit = by.number;
      d.then = afterwards::close;
      break;
    case action::stall_body:
      f.body_limit = by.number;
      d.then = afterwards::stall;
      break;
    case action::then_close:
      d.then = afterwards::close;
      break;
    case action::delay:
      d.delay_ms += by.number;
      break;
    case action::slow:
      d.bytes_per_second = std::max<std::int64_t>(1, by.number);
      break;
    default:
      break;
  }
}

/// Faults that leave nothing of the reply.
bool replaces_all(const fault& by, delivery& d, std::uint64_t seed) {
  switch (by.what) {
    case action::close:
      d.then = afterwards::close;
      return true;
    case action::reset:
      d.then = afterwards::reset;
      return true;
    case action::stall:
      d.then = afterwards::stall;
      return true;
    case action::not_http:
      d.bytes = junk(seed, 200);
      d.then = afterwards::close;
      return true;
    default:
      return false;
  }
}

void write_reply(const reply& what, const framing& f, std::optional<epoch_ms> date, bool keep_alive, std::string& out) {
  out.reserve(what.body.size() + 512);
  out += f.before;
  out += fmt::format("HTTP/1.1 {} {}\r\n", what.status, reason(what.status));
  if (date) out += fmt::format("Date: {}\r\n", http_date(*date + f.date_change_s * 1000));
  out += fmt::format("Server: pandapon-sim\r\nContent-Type: {}\r\n", what.content_type);
  for (const header_line& line : what.headers) out += line.name + ": " + line.value + "\r\n";
  out += f.more_headers;
  if (f.with_length) out += fmt::format("Content-Length: {}\r\n", f.length);
  if (f.second_length) out += fmt::format("Content-Length: {}\r\n", f.length + 1);
  if (f.chunked) out += "Transfer-Encoding: chunked\r\n";
  if (!keep_alive) out += "Connection: close\r\n";
  out += "\r\n";
  const std::size_t body_at = out.size();
  out += f.chunked ? chunks(what.body, f) : what.body;
  if (f.body_limit >= 0) out.resize(std::min(out.size(), body_at + static_cast<std::size_t>(f.body_limit)));
  out += f.after;
}

}  // namespace

std::string junk(std::uint64_t seed, std::int64_t size) {
  dice roll(seed, purpose::junk, static_cast<std::uint64_t>(size));
  std::string out(static_cast<std::size_t>(size), '\0');
  for (char& c : out) c = static_cast<char>(roll.below(256));
  return out;
}

delivery deliver(const reply& what, std::optional<epoch_ms> date, bool keep_alive, std::uint64_t seed) {
  delivery out;
  framing f;
  f.length = static_cast<std::int64_t>(what.body.size());
  if (!keep_alive) out.then = afterwards::close;
  for (const fault& by : what.faults) {
    if (replaces_all(by, out, seed)) return out;
    change_framing(by, f, out, seed);
    change_ending(by, f, out);
  }
  write_reply(what, f, date, keep_alive, out.bytes);
  return out;
}

}  // namespace pandapon_sim
