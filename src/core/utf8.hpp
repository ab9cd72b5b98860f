#pragma once
// Reading and cutting UTF-8, for the whole program. Pure; any thread.

#include <array>
#include <cstddef>
#include <string_view>

namespace ordersync::core {

struct character {
  char32_t code = 0xFFFD;
  std::size_t bytes = 1;
  bool valid = false;
};

// A byte that goes on with a character and begins none.
constexpr bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// The first character of a text that is not empty. Overlong forms, surrogates and what is beyond U+10FFFF are invalid,
// and cost a byte each. Inline: decoding calls it for each Chinese character that is served.
constexpr character first_character(std::string_view utf8) noexcept {
  const auto lead = static_cast<unsigned char>(utf8.front());
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || utf8.size() < bytes) return {};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!is_continuation(utf8[i])) return {};
    code = (code << 6U) | (static_cast<unsigned char>(utf8[i]) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (code < least[bytes] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, bytes, true};
}

// The longest beginning of at most `most` bytes that does not end within a character. What is no UTF-8 is cut at
// `most`.
constexpr std::string_view truncated(std::string_view utf8, std::size_t most) noexcept {
  if (utf8.size() <= most) return utf8;
  auto end = most;
  for (std::size_t back = 0; back < 3 && end > 0 && is_continuation(utf8[end]); ++back) --end;
  return utf8.substr(0, is_continuation(utf8[end]) ? most : end);
}

}  // namespace ordersync::core
