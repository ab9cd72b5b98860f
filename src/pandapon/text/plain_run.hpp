#pragma once
// The innermost loop of reading JSON: over the plain characters inside a string, eight at a time. Pure.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ordersync::pandapon::text {

// Where, from `at` on, the first byte stands that is a quote, a backslash or a control character; the text's size when
// there is none.
inline std::size_t end_of_plain(std::string_view text, std::size_t at) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t high = 0x8080808080808080U;
  // Bytes of `word` that are zero get their high bit; bytes above one that is may get it too, so only the lowest
  // counts.
  const auto zero_bytes = [](std::uint64_t word) { return (word - ones) & ~word & high; };
  for (; std::endian::native == std::endian::little && at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const auto control = (word - ones * 0x20) & ~word & high;
    const auto stops = zero_bytes(word ^ (ones * '"')) | zero_bytes(word ^ (ones * '\\')) | control;
    if (stops != 0) return at + static_cast<std::size_t>(std::countr_zero(stops)) / 8;
  }
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"' || byte == '\\' || byte < 0x20) break;
  }
  return at;
}

}  // namespace ordersync::pandapon::text
