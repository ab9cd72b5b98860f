#include "flag_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace pandapon_sim {
namespace {

template <class Value>
Value need(const std::optional<Value>& value, const std::string& text, std::string_view flag, std::string_view what) {
  if (!value) throw std::runtime_error(fmt::format("{}: expected {}, got '{}'", flag, what, text));
  return *value;
}

template <class Number>
std::optional<Number> whole(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

epoch_ms need_time(const std::string& text, std::string_view flag) {
  return need(parse_argument_time(text), text, flag, "a time such as 2024-05-07 or 2024-05-07T09:52:00+08:00");
}

std::int64_t need_duration(const std::string& text, std::string_view flag) {
  return need(parse_duration_ms(text), text, flag, "a duration such as 50ms, 2s, 3h or 7d");
}

std::int64_t need_signed_duration(const std::string& text, std::string_view flag) {
  const bool behind = !text.empty() && text.front() == '-';
  const std::int64_t size = need_duration(behind ? text.substr(1) : text, flag);
  return behind ? -size : size;
}

std::int64_t need_zone(const std::string& text, std::string_view flag) {
  return need(parse_zone_ms(text), text, flag, "an offset such as +09:00 or -05:30");
}

std::uint32_t need_percentage(const std::string& text, std::string_view flag) {
  std::optional<double> value = whole<double>(text);
  if (value && !(*value >= 0 && *value <= 100)) value.reset();
  return static_cast<std::uint32_t>(std::lround(need(value, text, flag, "a percentage from 0 to 100") * 100));
}

std::int64_t need_integer(const std::string& text, std::string_view flag) {
  return need(whole<std::int64_t>(text), text, flag, "an integer");
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(by, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace pandapon_sim
