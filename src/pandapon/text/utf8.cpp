#include "pandapon/text/utf8.hpp"

#include "core/utf8.hpp"
#include "pandapon/text/byte_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace ordersync::pandapon::text {

namespace {

constexpr std::size_t common_size = 3;  // of a Chinese character

// Whether a block holds ASCII and common characters alone: those of three bytes whose first is neither E0 nor ED, so
// that any two bytes of the form 10xxxxxx may follow. `begun`: how many of its bytes belong to one before it.
// `first_bytes` becomes where such characters begin.
bool is_common(const byte_block& block, std::uint64_t others, std::size_t begun, std::uint64_t& first_bytes) {
  first_bytes = block.equal_with('\xEF', '\x0F');
  const auto later_bytes = block.equal_with('\xBF', '\x3F');
  const auto wanted = first_bytes << 1U | first_bytes << 2U | ((std::uint64_t{1} << begun) - 1);
  return others == (first_bytes | later_bytes) && later_bytes == wanted &&
         (block.equal('\xE0') | block.equal('\xED')) == 0;
}

}  // namespace

std::size_t valid_text_prefix(std::string_view bytes) noexcept {
  std::size_t valid = 0;  // up to there it is known; at most one common character that a block cuts is left open
  for (std::size_t at = 0; at < bytes.size(); at += byte_block::size) {
    const byte_block block(bytes, at);
    const auto end = at + byte_block::size;
    auto others = block.not_ascii() | block.equal('\0');
    if (end > bytes.size()) others &= (std::uint64_t{1} << (bytes.size() - at)) - 1;
    const auto begun = valid < at ? valid + common_size - at : valid - at;
    std::uint64_t first_bytes = 0;
    if ((others == 0 && begun == 0) || is_common(block, others, begun, first_bytes)) {
      valid = (first_bytes >> 63U) != 0 ? end - 1 : (first_bytes >> 62U) != 0 ? end - 2 : end;
      continue;
    }
    while (valid < std::min(end, bytes.size())) {
      const auto next = core::first_character(bytes.substr(valid));
      if (!next.valid || next.code == 0) return valid;
      valid += next.bytes;
    }
  }
  return std::min(valid, bytes.size());
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
