#pragma once
// The innermost loops of reading JSON: over the plain characters inside a string, 8 or 16 at a time. Pure.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ordersync::pandapon::text {

// How many bytes a step reads.
#if defined(__SSE2__)
constexpr std::size_t plain_step = 16;
#else
constexpr std::size_t plain_step = 8;
#endif

// How many of the step's bytes from `text` on stand before the first that is a quote, a backslash or a control
// character; plain_step when there is none.
inline std::size_t plain_bytes(const char* text) noexcept {
#if defined(__SSE2__)
  const auto some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  const auto quote = _mm_cmpeq_epi8(some, _mm_set1_epi8('"'));
  const auto backslash = _mm_cmpeq_epi8(some, _mm_set1_epi8('\\'));
  const auto control = _mm_cmpeq_epi8(_mm_min_epu8(some, _mm_set1_epi8(0x1F)), some);
  const auto stops = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control));
  return static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(stops) | 1U << plain_step));
#else
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t high = 0x8080808080808080U;
  // Bytes of `word` that are zero get their high bit; bytes above one that is may get it too, so only the lowest
  // counts.
  const auto zero_bytes = [](std::uint64_t word) { return (word - ones) & ~word & high; };
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 8; ++i) word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])) << 8 * i;
  const auto control = (word - ones * 0x20) & ~word & high;
  const auto stops = zero_bytes(word ^ (ones * '"')) | zero_bytes(word ^ (ones * '\\')) | control;
  return static_cast<std::size_t>(std::countr_zero(stops)) / 8;
#endif
}

inline bool is_plain(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte != '"' && byte != '\\' && byte >= 0x20;
}

// Where, from `at` on, the first byte stands that is a quote, a backslash or a control character; the text's size when
// there is none.
inline std::size_t end_of_plain(std::string_view text, std::size_t at) noexcept {
  for (; at + plain_step <= text.size(); at += plain_step) {
    if (const auto plain = plain_bytes(text.data() + at); plain < plain_step) return at + plain;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

// As end_of_plain, and copies those characters to `out`, moving it on. Hazard: it writes up to plain_step bytes beyond
// them.
inline std::size_t copy_plain(std::string_view text, std::size_t at, char*& out) noexcept {
  for (; at + plain_step <= text.size(); at += plain_step) {
    std::memcpy(out, text.data() + at, plain_step);
    const auto plain = plain_bytes(text.data() + at);
    out += plain;
    if (plain < plain_step) return at + plain;
  }
  for (; at < text.size() && is_plain(text[at]); ++at) *out++ = text[at];
  return at;
}

}  // namespace ordersync::pandapon::text
