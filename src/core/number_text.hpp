#pragma once
// What the text of a JSON number says of its size, without computing it. Pure.

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

namespace ordersync::core {

// Its power of ten as spelt, 0 where none is; none beyond three digits.
inline std::optional<int> exponent_of(std::string_view number) noexcept {
  constexpr std::size_t most_digits = 3;
  const auto mark = number.find_first_of("eE");
  if (mark == std::string_view::npos) return 0;
  auto digits = number.substr(mark + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [last, failed] = std::from_chars(digits.data(), end, value);
  const bool longer = digits.size() > most_digits + (digits.starts_with('-') ? 1 : 0);
  return failed != std::errc{} || last != end || longer ? std::nullopt : std::optional{value};
}

// Nobody means a longer number. PostgreSQL's numeric takes shorter ones.
constexpr std::size_t longest_number = 100;
inline bool fits_a_database(std::string_view number) noexcept {
  return number.size() <= longest_number && exponent_of(number).has_value();
}

}  // namespace ordersync::core
