#include "core/printable.hpp"

#include <fmt/format.h>

#include <array>

namespace ordersync::core {
namespace {

void append_escape(std::string& out, char32_t code) {
  switch (code) {
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
  }
}

}  // namespace

character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (code < least.at(bytes) || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, bytes, true};
}

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

void append_printable(std::string& out, std::string_view value, std::string_view backslashed) {
  while (!value.empty()) {
    const character c = first_character(value);
    if (!c.valid) {
      out += "\xEF\xBF\xBD";
    } else if (is_control(c.code)) {
      append_escape(out, c.code);
    } else {
      if (c.code < 0x80 && backslashed.find(static_cast<char>(c.code)) != std::string_view::npos) out += '\\';
      out += value.substr(0, c.bytes);
    }
    value.remove_prefix(c.bytes);
  }
}

std::string printable(std::string_view value) {
  std::string out;
  append_printable(out, value);
  return out;
}

}  // namespace ordersync::core
