#include "core/local_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace ordersync::core {
namespace {

constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// How many of the first characters are a moment as to_text writes it; 0: none.
std::size_t moment_length(std::string_view text) {
  if (text.size() <= form.size()) return 0;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == 'd' ? !is_digit(text[i]) : text[i] != form[i]) return 0;
  auto end = form.size();
  if (text[end] == '.') {
    const auto digits = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(end) + 1, text.end(), is_digit);
    end = static_cast<std::size_t>(digits - text.begin());
    if (end != form.size() + 4) return 0;
  }
  return end < text.size() && text[end] == 'Z' ? end + 1 : 0;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = 10 * value + (c - '0');
  return value;
}

// Of a text of which moment_length() is not 0; none where there is no such day or time of day.
std::optional<second> moment_of(std::string_view text) {
  using namespace std::chrono;
  const year_month_day date{year{number(text.substr(0, 4))}, month{static_cast<unsigned>(number(text.substr(5, 2)))},
                            day{static_cast<unsigned>(number(text.substr(8, 2)))}};
  const hours hour{number(text.substr(11, 2))};
  const minutes minute{number(text.substr(14, 2))};
  const seconds sec{number(text.substr(17, 2))};
  if (!date.ok() || hour >= hours{24} || minute >= minutes{60} || sec >= seconds{60}) return std::nullopt;
  return sys_days{date} + hour + minute + sec;
}

std::string offset_text(std::chrono::minutes zone) {
  const auto minutes = std::abs(zone.count());
  return fmt::format("{}{:02}:{:02}", zone.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string without_z(std::string text) {
  text.pop_back();
  return text;
}

}  // namespace

std::string local_text(second t, std::chrono::minutes zone) {
  return without_z(to_text(t + zone)) + offset_text(zone);
}

std::string local_text(instant t, std::chrono::minutes zone) {
  return without_z(to_text(t + zone)) + offset_text(zone);
}

std::string in_zone(std::string_view text, std::chrono::minutes zone) {
  std::string out;
  bool in_number = false;
  while (!text.empty()) {
    const auto length = in_number ? 0 : moment_length(text);
    const auto moment = length == 0 ? std::nullopt : moment_of(text);
    if (moment) {
      const auto fraction = text.substr(form.size(), length - form.size() - 1);
      out += without_z(to_text(*moment + zone)).append(fraction) + offset_text(zone);
      text.remove_prefix(length);
      in_number = false;
      continue;
    }
    in_number = is_digit(text.front());
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace ordersync::core
