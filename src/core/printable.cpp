#include "core/printable.hpp"

#include "core/utf8.hpp"

#include <fmt/format.h>

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
