#include "service/log_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace ordersync::service {
namespace {

struct character {
  char32_t code = 0xFFFD;
  std::size_t bytes = 1;
  bool valid = false;
};

// The first character of a text that is not empty. Overlong forms and surrogates are invalid, and cost a byte each.
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

// What would move a terminal's cursor, begin a line, turn the writing direction, or be there without being seen.
bool is_unruly(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

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
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(code));
  }
}

// `backslashed`: characters that get a backslash before them.
template <class Backslashed>
void append_tamed(std::string& out, std::string_view value, Backslashed backslashed) {
  while (!value.empty()) {
    const character c = first_character(value);
    if (!c.valid) {
      out += "\xEF\xBF\xBD";
    } else if (is_unruly(c.code)) {
      append_escape(out, c.code);
    } else {
      if (backslashed(c.code)) out += '\\';
      out += value.substr(0, c.bytes);
    }
    value.remove_prefix(c.bytes);
  }
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  while (!value.empty()) {
    const character c = first_character(value);
    if (!c.valid || c.code == ' ' || c.code == '"' || c.code == '=' || c.code == '\\' || is_unruly(c.code)) return true;
    value.remove_prefix(c.bytes);
  }
  return false;
}

// Never in the middle of a character.
std::string_view cut(std::string_view value) {
  if (value.size() <= longest_value) return value;
  std::size_t end = longest_value;
  while (end > longest_value - 4 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;
  return value.substr(0, end);
}

void append_value(std::string& out, std::string_view value) {
  const std::string_view shown = cut(value);
  append_escaped(out, shown);
  if (shown.size() < value.size()) fmt::format_to(std::back_inserter(out), "... ({} bytes)", value.size());
}

// Events and field names are constants of ours; one that is not a word must not be able to forge a field.
std::string word(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
                 c == '-');
      },
      '_');
  return out;
}

std::string free_name(std::string name, std::set<std::string>& taken) {
  while (!taken.insert(name).second) name += '_';
  return name;
}

}  // namespace

void append_escaped(std::string& out, std::string_view value) {
  append_tamed(out, value, [](char32_t code) { return code == '"' || code == '\\'; });
}

std::string printable(std::string_view value) {
  std::string out;
  append_tamed(out, value, [](char32_t) { return false; });
  return out;
}

std::string text_line(std::string_view event, log_fields fields) {
  std::string line = word(event);
  for (const core::log_field& field : fields) {
    if (field.value.empty()) continue;
    line += ' ' + word(field.name) + '=';
    const bool quotes = field.value.size() > longest_value || needs_quotes(field.value);
    if (quotes) line += '"';
    append_value(line, field.value);
    if (quotes) line += '"';
    if (field.kind == core::log_field::type::seconds) line += 's';
  }
  return line;
}

std::string json_members(core::severity level, std::string_view event, log_fields fields) {
  std::string line = fmt::format(R"("level":"{}","event":"{}")", name(level), word(event));
  std::set<std::string> taken{"time", "level", "event"};
  for (const core::log_field& field : fields) {
    if (field.value.empty()) continue;
    line += fmt::format(R"(,"{}":)", free_name(word(field.name), taken));
    const bool quotes = field.kind == core::log_field::type::string;
    if (quotes) line += '"';
    append_value(line, field.value);
    if (quotes) line += '"';
  }
  return line;
}

std::string_view name(core::severity level) noexcept {
  switch (level) {
    case core::severity::trace:
      return "trace";
    case core::severity::debug:
      return "debug";
    case core::severity::info:
      return "info";
    case core::severity::warning:
      return "warning";
    case core::severity::error:
      return "error";
  }
  return "error";
}

}  // namespace ordersync::service
