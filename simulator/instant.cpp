#include "instant.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>

namespace pandapon_sim {
namespace {

using std::chrono::sys_days;

/// Reads a text from left to right; once something did not fit, `ok` stays false.
struct cursor {
  std::string_view rest;
  bool ok = true;

  int digits(std::size_t least, std::size_t most) {
    std::size_t n = 0;
    while (n < most && n < rest.size() && rest[n] >= '0' && rest[n] <= '9') ++n;
    int value = 0;
    std::from_chars(rest.data(), rest.data() + n, value);
    if (n < least) ok = false;
    rest.remove_prefix(n);
    return value;
  }
  bool skip(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!skip(c)) ok = false;
  }
};

epoch_ms read_date(cursor& at) {
  const int year = at.digits(4, 4);
  at.expect('-');
  const int month = at.digits(2, 2);
  at.expect('-');
  const int day = at.digits(2, 2);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) {
    at.ok = false;
    return 0;
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(sys_days{date}.time_since_epoch()).count();
}

epoch_ms read_time_of_day(cursor& at, std::size_t least_hour_digits) {
  const int hour = at.digits(least_hour_digits, 2);
  at.expect(':');
  const int minute = at.digits(2, 2);
  at.expect(':');
  const int second = at.digits(2, 2);
  if (hour > 23 || minute > 59 || second > 59) at.ok = false;
  return ((hour * 60LL + minute) * 60 + second) * 1000;
}

epoch_ms read_offset(cursor& at) {
  const bool west = at.skip('-');
  if (!west) at.expect('+');
  const int hours = at.digits(2, 2);
  at.expect(':');
  const int minutes = at.digits(2, 2);
  const epoch_ms offset = (hours * 60LL + minutes) * 60'000;
  return west ? -offset : offset;
}

epoch_ms read_zone(cursor& at) {
  if (at.rest.empty()) return vendor_zone_ms;
  return at.skip('Z') ? 0 : read_offset(at);
}

}  // namespace

std::optional<epoch_ms> parse_argument_time(std::string_view text) {
  cursor at{text};
  epoch_ms time = read_date(at);
  if (at.skip('T')) {
    time += read_time_of_day(at, 2);
    time -= read_zone(at);
  } else {
    time -= vendor_zone_ms;
  }
  if (!at.ok || !at.rest.empty()) return std::nullopt;
  return time;
}

std::optional<epoch_ms> parse_request_time(std::string_view text) {
  cursor at{text};
  epoch_ms time = read_date(at);
  at.expect(' ');
  time += read_time_of_day(at, 1);
  if (!at.ok || !at.rest.empty()) return std::nullopt;
  return time - vendor_zone_ms;
}

std::optional<std::int64_t> parse_zone_ms(std::string_view text) {
  cursor at{text};
  const std::int64_t offset = read_offset(at);
  constexpr std::int64_t day = 86'400'000;
  if (!at.ok || !at.rest.empty() || offset <= -day || offset >= day) return std::nullopt;
  return offset;
}

std::optional<std::int64_t> parse_duration_ms(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 0 || value > 1'000'000'000) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit == "ms" || (unit.empty() && value == 0)) return value;
  if (unit == "s") return value * 1000;
  if (unit == "m") return value * 60'000;
  if (unit == "h") return value * 3'600'000;
  if (unit == "d") return value * 86'400'000;
  return std::nullopt;
}

namespace {

void append_padded(std::string& out, std::int64_t value, int width) {
  std::array<char, 8> digits{};
  for (int i = width - 1; i >= 0; --i, value /= 10)
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  out.append(digits.data(), static_cast<std::size_t>(width));
}

void append_to_the_second(std::string& out, epoch_ms time, char between) {
  const std::chrono::sys_time<std::chrono::milliseconds> point{std::chrono::milliseconds{time}};
  const auto midnight = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date{midnight};
  const std::int64_t of_day = (point - midnight).count();
  append_padded(out, int{date.year()}, 4);
  out += '-';
  append_padded(out, unsigned{date.month()}, 2);
  out += '-';
  append_padded(out, unsigned{date.day()}, 2);
  out += between;
  append_padded(out, of_day / 3'600'000, 2);
  out += ':';
  append_padded(out, of_day / 60'000 % 60, 2);
  out += ':';
  append_padded(out, of_day / 1000 % 60, 2);
}

}  // namespace

void append_iso_utc(std::string& out, epoch_ms time) {
  append_to_the_second(out, time, 'T');
  out += '.';
  append_padded(out, (time % 1000 + 1000) % 1000, 3);
  out += 'Z';
}

void append_vendor_time(std::string& out, epoch_ms time) {
  append_to_the_second(out, time + vendor_zone_ms, ' ');
}

void append_compact_time(std::string& out, epoch_ms time, std::int64_t zone_ms) {
  std::string local;
  append_to_the_second(local, time + zone_ms, ' ');
  for (const char c : local)
    if (c >= '0' && c <= '9') out += c;
  append_padded(out, (time % 1000 + 1000) % 1000, 3);
  const std::int64_t hours = zone_ms / 3'600'000;
  out += hours < 0 ? '-' : '+';
  append_padded(out, hours < 0 ? -hours : hours, 2);
  out += "00";
}

std::string http_date(epoch_ms time) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_time<std::chrono::milliseconds> point{std::chrono::milliseconds{time}};
  const auto midnight = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date{midnight};
  const std::int64_t second = (point - midnight).count() / 1000;
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days.at(std::chrono::weekday{midnight}.c_encoding()),
                     unsigned{date.day()}, months.at(unsigned{date.month()} - 1), int{date.year()}, second / 3600,
                     second / 60 % 60, second % 60);
}

}  // namespace pandapon_sim
