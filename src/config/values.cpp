#include "config/values.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <string>

namespace ordersync::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t worth;
};

constexpr std::array<unit, 5> duration_units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<unit, 4> size_units{{{"B", 1}, {"KiB", 1LL << 10}, {"MiB", 1LL << 20}, {"GiB", 1LL << 30}}};

// A duration beyond this could not be converted to the nanoseconds of the system's clocks.
constexpr std::int64_t longest_duration_ms = std::numeric_limits<std::int64_t>::max() / 1'000'000;

template <std::size_t N>
std::optional<std::int64_t> number_with_unit(std::string_view text, const std::array<unit, N>& units) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const unit& known : units) {
    if (text != known.name) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / known.worth) return std::nullopt;
    return number * known.worth;
  }
  return std::nullopt;
}

// Takes exactly `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take_char(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || *year < 1970 || !take_char(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take_char(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::optional<std::chrono::seconds> take_time_of_day(std::string_view& text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take_char(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !take_char(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > 59) return std::nullopt;
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto ms = number_with_unit(text, duration_units);
  if (!ms || *ms > longest_duration_ms) return std::nullopt;
  return std::chrono::milliseconds{*ms};
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return number_with_unit(text, size_units);
}

std::optional<std::chrono::seconds> parse_utc_offset(std::string_view text) {
  if (text == "Z") return std::chrono::seconds{0};
  const bool west = take_char(text, '-');
  if (!west && !take_char(text, '+')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || !take_char(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59 || !text.empty()) return std::nullopt;
  const std::chrono::seconds offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  if (offset > std::chrono::hours{14}) return std::nullopt;
  return west ? -offset : offset;
}

std::optional<std::chrono::sys_seconds> parse_time_point(std::string_view text, std::chrono::seconds zone) {
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  std::chrono::sys_seconds local{*date};
  if (text.empty()) return local - zone;
  if (!take_char(text, 'T')) return std::nullopt;
  const auto time = take_time_of_day(text);
  if (!time) return std::nullopt;
  local += *time;
  if (text.empty()) return local - zone;
  const auto offset = parse_utc_offset(text);
  if (!offset) return std::nullopt;
  return local - *offset;
}

std::optional<std::chrono::sys_seconds> parse_moment(std::string_view text, std::chrono::seconds zone,
                                                     std::chrono::sys_seconds now) {
  constexpr std::size_t of_month = 7;
  if (const auto time = parse_time_point(text, zone)) return time;
  if (text == "now") return now;
  const auto today = std::chrono::floor<std::chrono::days>(now + zone) - zone;
  if (text == "today") return today;
  if (text == "yesterday") return today - std::chrono::days{1};
  if (text.size() == of_month) {
    if (const auto month = parse_time_point(std::string{text} + "-01", zone)) return month;
  }
  const auto age = parse_duration(text);
  if (!age || *age > now.time_since_epoch()) return std::nullopt;
  return now - std::chrono::duration_cast<std::chrono::seconds>(*age);
}

}  // namespace ordersync::config
