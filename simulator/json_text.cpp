#include "json_text.hpp"

#include <array>
#include <charconv>

namespace pandapon_sim {
namespace {

/// For each byte the letter after the backslash, `u` for those without one of their own, 0 for bytes that stay.
constexpr std::array<char, 256> make_escapes() {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = 'u';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\n'] = 'n';
  table['\t'] = 't';
  table['\r'] = 'r';
  return table;
}

constexpr std::array<char, 256> escapes = make_escapes();
constexpr std::size_t longest_escape = 6;

char* write_escape(char* to, unsigned char c) {
  *to++ = '\\';
  *to++ = escapes[c];
  if (escapes[c] != 'u') return to;
  static constexpr std::string_view hex = "0123456789abcdef";
  for (const char digit : {'0', '0', hex[c >> 4], hex[c & 15]}) *to++ = digit;
  return to;
}

}  // namespace

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_thousandths(std::string& out, std::int64_t thousandths) {
  append_number(out, thousandths / 1000);
  std::int64_t rest = thousandths % 1000;
  if (rest == 0) return;
  out += '.';
  for (std::int64_t unit = 100; rest != 0; rest %= unit, unit /= 10) out += static_cast<char>('0' + rest / unit);
}

void append_quoted(std::string& out, std::string_view text) {
  // Blocks on the stack instead of growing `out` byte by byte: nested JSON is full of quotes, so runs are short.
  std::array<char, 1024> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
  out += '"';
  while (!text.empty()) {
    const std::string_view part = text.substr(0, block.size() / longest_escape);
    char* to = block.data();
    for (const char c : part) {
      const auto byte = static_cast<unsigned char>(c);
      if (escapes[byte] == 0) {
        *to++ = c;
      } else {
        to = write_escape(to, byte);
      }
    }
    out.append(block.data(), static_cast<std::size_t>(to - block.data()));
    text.remove_prefix(part.size());
  }
  out += '"';
}

void append_key(std::string& out, std::string_view key) {
  out += '"';
  out += key;
  out += "\":";
}

void close(std::string& out, char bracket) {
  if (out.back() == ',') {
    out.back() = bracket;
  } else {
    out += bracket;
  }
}

}  // namespace pandapon_sim
