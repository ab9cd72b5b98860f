#pragma once
// Looking at 64 bytes of text at once: which of them are a certain one, as bits, the first byte the lowest. Pure.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ordersync::pandapon::text {

class byte_block {
 public:
  static constexpr std::size_t size = 64;

  // The bytes from `at` on, which is within the text; zeros follow its end.
  byte_block(std::string_view text, std::size_t at) noexcept {
    if (text.size() - at >= size) {
      std::memcpy(bytes_, text.data() + at, size);
    } else {
      std::memset(bytes_, 0, size);
      std::memcpy(bytes_, text.data() + at, text.size() - at);
    }
  }

  std::uint64_t equal(char wanted) const noexcept { return equal_with(wanted, 0); }
  // Those that are `wanted` once the bits of `added` are set in them.
  std::uint64_t equal_with(char wanted, char added) const noexcept {
#if defined(__SSE2__)
    const auto all_wanted = _mm_set1_epi8(wanted);
    const auto all_added = _mm_set1_epi8(added);
    return gather([&](__m128i some) { return _mm_cmpeq_epi8(_mm_or_si128(some, all_added), all_wanted); });
#else
    return gather([&](char byte) { return (byte | added) == wanted; });
#endif
  }
  std::uint64_t not_ascii() const noexcept {
#if defined(__SSE2__)
    return gather([](__m128i some) { return some; });
#else
    return gather([](char byte) { return (static_cast<unsigned char>(byte) & 0x80U) != 0; });
#endif
  }

 private:
  // The highest bit of what `test` makes of each byte, or whether it is true of it.
  template <class Test>
  std::uint64_t gather(Test test) const noexcept {
    std::uint64_t found = 0;
#if defined(__SSE2__)
    for (std::size_t i = 0; i < size; i += 16) {
      const auto some = _mm_load_si128(reinterpret_cast<const __m128i*>(bytes_ + i));
      found |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(test(some)))) << i;
    }
#else
    for (std::size_t i = 0; i < size; ++i) found |= static_cast<std::uint64_t>(test(bytes_[i])) << i;
#endif
    return found;
  }

  alignas(16) char bytes_[size];  // NOLINT(modernize-avoid-c-arrays): it stays in registers
};

// In each bit whether the number of bits set up to it, itself included, is odd: what is between pairs of quotes.
constexpr std::uint64_t parity_up_to(std::uint64_t bits) noexcept {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace ordersync::pandapon::text
