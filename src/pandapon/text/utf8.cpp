#include "pandapon/text/utf8.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

namespace ordersync::pandapon::text {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t i) noexcept {
  return static_cast<unsigned char>(bytes[i]);
}

bool continues(std::string_view bytes, std::size_t i) noexcept {
  return i < bytes.size() && (byte_at(bytes, i) & 0xC0U) == 0x80U;
}

// The length of the character that starts at `i`, 0 when what stands there is none (Unicode 15, table 3-7).
std::size_t character_length(std::string_view bytes, std::size_t i) noexcept {
  const unsigned lead = byte_at(bytes, i);
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  if (lead < 0xC2 || lead > 0xF4 || !continues(bytes, i + 1)) return 0;
  if (lead < 0xE0) return 2;
  const unsigned second = byte_at(bytes, i + 1);
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second > 0x9F;
    return overlong || surrogate || !continues(bytes, i + 2) ? 0 : 3;
  }
  const bool overlong = lead == 0xF0 && second < 0x90;
  const bool beyond = lead == 0xF4 && second > 0x8F;
  return overlong || beyond || !continues(bytes, i + 2) || !continues(bytes, i + 3) ? 0 : 4;
}

// Whether the next eight bytes are all in 1..127: most of what the API serves.
bool eight_plain(std::string_view bytes, std::size_t i) noexcept {
  if (i + 8 > bytes.size()) return false;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + i, 8);
  constexpr std::uint64_t high = 0x8080808080808080U;
  constexpr std::uint64_t ones = 0x0101010101010101U;
  return ((word | (word - ones)) & high) == 0;
}

}  // namespace

std::size_t valid_text_prefix(std::string_view bytes) noexcept {
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (eight_plain(bytes, i)) {
      i += 8;
      continue;
    }
    const auto length = character_length(bytes, i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

std::string shown_as_text(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const auto good = valid_text_prefix(bytes);
    text.append(bytes.substr(0, good));
    bytes.remove_prefix(good);
    if (bytes.empty()) break;
    text += fmt::format("\\x{:02X}", byte_at(bytes, 0));
    bytes.remove_prefix(1);
  }
  return text;
}

}  // namespace ordersync::pandapon::text
