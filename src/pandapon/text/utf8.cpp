#include "pandapon/text/utf8.hpp"

#include "core/utf8.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

namespace ordersync::pandapon::text {
namespace {

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
    const auto next = core::first_character(bytes.substr(i));
    if (!next.valid || next.code == 0) return i;
    i += next.bytes;
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
    text += fmt::format("\\x{:02X}", static_cast<unsigned char>(bytes.front()));
    bytes.remove_prefix(1);
  }
  return text;
}

}  // namespace ordersync::pandapon::text
