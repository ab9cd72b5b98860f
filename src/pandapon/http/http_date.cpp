#include "pandapon/http/http_date.hpp"

#include <algorithm>
#include <charconv>

namespace ordersync::pandapon::http {
namespace {

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  if (digits.empty() || digits.front() == '-' || parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return value;
}

std::optional<unsigned> month_number(std::string_view name) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto at = months.find(name);
  if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  return static_cast<unsigned>(at / 3 + 1);
}

}  // namespace

std::optional<core::second> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view shape = "Www, 00 Mmm 0000 00:00:00 GMT";
  if (text.size() != shape.size() || !text.ends_with(" GMT")) return std::nullopt;
  for (const std::size_t i : {3U, 4U, 7U, 11U, 16U, 19U, 22U}) {
    if (text[i] != shape[i]) return std::nullopt;
  }
  const auto day_of_month = number(text.substr(5, 2));
  const auto month_of_year = month_number(text.substr(8, 3));
  const auto year_number = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2));
  const auto sec = number(text.substr(23, 2));
  if (!day_of_month || !month_of_year || !year_number || !hour || !minute || !sec) return std::nullopt;
  const year_month_day date{year{*year_number}, month{*month_of_year}, day{static_cast<unsigned>(*day_of_month)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *sec > 60) return std::nullopt;
  return sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*sec};
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, core::second now,
                                                           std::chrono::milliseconds longest) {
  using std::chrono::milliseconds;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (digits) {
    // More digits than an int has are longer than any wait that is honoured.
    const auto seconds = number(text);
    return seconds ? std::min<milliseconds>(std::chrono::seconds{*seconds}, longest) : longest;
  }
  const auto until = parse_http_date(text);
  if (!until) return std::nullopt;
  return std::clamp<milliseconds>(*until - now, milliseconds{0}, longest);
}

}  // namespace ordersync::pandapon::http
