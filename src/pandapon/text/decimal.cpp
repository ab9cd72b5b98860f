#include "pandapon/text/decimal.hpp"

#include <charconv>

namespace ordersync::pandapon::text {
namespace {

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// The exponent's value; none when it is malformed or too large to mean anything.
std::optional<int> take_exponent(std::string_view& text) {
  if (!take(text, 'e') && !take(text, 'E')) return 0;
  const bool negative = !take(text, '+') && take(text, '-');
  const auto digits = take_digits(text);
  int value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || parsed.ec != std::errc{} || value > 1'000'000) return std::nullopt;
  return negative ? -value : value;
}

// digits * 10^-scale without an exponent.
std::optional<std::string> spell(bool negative, std::string digits, long scale) {
  digits.erase(0, digits.find_first_not_of('0'));
  if (digits.empty()) return "0";
  for (; digits.back() == '0'; --scale) digits.pop_back();
  const auto size = static_cast<long>(digits.size());
  constexpr auto most = static_cast<long>(most_digits);
  if (size - scale > most || scale > most) return std::nullopt;
  if (scale <= 0) {
    digits.append(static_cast<std::size_t>(-scale), '0');
  } else if (scale < size) {
    digits.insert(static_cast<std::size_t>(size - scale), 1, '.');
  } else {
    digits.insert(0, "0." + std::string(static_cast<std::size_t>(scale - size), '0'));
  }
  return negative ? "-" + digits : digits;
}

}  // namespace

std::optional<std::string> plain_decimal(std::string_view number) {
  const bool negative = take(number, '-');
  const auto whole = take_digits(number);
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  std::string_view fraction;
  if (take(number, '.')) {
    fraction = take_digits(number);
    if (fraction.empty()) return std::nullopt;
  }
  const auto exponent = take_exponent(number);
  if (!exponent || !number.empty()) return std::nullopt;
  return spell(negative, std::string(whole).append(fraction), static_cast<long>(fraction.size()) - *exponent);
}

}  // namespace ordersync::pandapon::text
