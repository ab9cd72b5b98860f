#include "service/log_line.hpp"

#include "core/printable.hpp"
#include "core/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ordersync::service {
namespace {

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  while (!value.empty()) {
    const core::character c = core::first_character(value);
    if (!c.valid || c.code == ' ' || c.code == '"' || c.code == '=' || c.code == '\\' || core::is_control(c.code))
      return true;
    value.remove_prefix(c.bytes);
  }
  return false;
}

void append_value(std::string& out, std::string_view value) {
  const std::string_view shown = core::truncated(value, longest_value);
  append_escaped(out, shown);
  if (shown.size() < value.size()) out += fmt::format("... ({} bytes)", value.size());
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
  core::append_printable(out, value, "\"\\");
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
