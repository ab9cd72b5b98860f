#include "pandapon/text/utf8.hpp"

#include "core/utf8.hpp"
#include "pandapon/text/byte_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace ordersync::pandapon::text {

std::size_t valid_text_prefix(std::string_view bytes) noexcept {
  constexpr auto all = ~std::uint64_t{0};
  std::size_t valid = 0;  // up to there it is known
  for (std::size_t at = 0; at < bytes.size(); at += byte_block::size) {
    const byte_block block(bytes, at);
    // Most of what the API serves is ASCII.
    auto others = (block.not_ascii() | block.equal('\0')) & all << (std::max(valid, at) - at);
    if (bytes.size() - at < byte_block::size) others &= ~(all << (bytes.size() - at));
    while (others != 0) {
      const auto begin = at + static_cast<std::size_t>(std::countr_zero(others));
      const auto next = core::first_character(bytes.substr(begin));
      if (!next.valid || next.code == 0) return begin;
      valid = begin + next.bytes;
      others = valid - at < byte_block::size ? others & all << (valid - at) : 0;
    }
  }
  return bytes.size();
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
