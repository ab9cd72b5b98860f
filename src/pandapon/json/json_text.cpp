#include "pandapon/json/json_text.hpp"

#include "pandapon/text/decimal.hpp"
#include "pandapon/text/plain_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>
#include <vector>

namespace ordersync::pandapon::json {
namespace {

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  for (std::size_t at = 0;;) {
    const auto stop = text::end_of_plain(text, at);
    out.append(text, at, stop - at);
    if (stop == text.size()) break;
    const char c = text[stop];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    }
    at = stop + 1;
  }
  out += '"';
}

void append_compact(const json_value& value, std::string& out) {
  const bool object = value.kind == json_kind::object;
  if (!object && value.kind != json_kind::array) {
    out += value.raw;
    return;
  }
  out += object ? '{' : '[';
  const char* comma = "";
  for (const auto& child : value.children) {
    out += comma;
    comma = ",";
    if (object) {
      append_quoted(child.name, out);
      out += ':';
    }
    append_compact(child, out);
  }
  out += object ? '}' : ']';
}

// A specification's value has two members. Comparing each with each is fine for few and a trap for many.
constexpr std::size_t most_members = 64;

bool repeats_a_key(const json_value& object) {
  for (std::size_t i = 0; i < object.children.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const auto& a = object.children[i];
      const auto& b = object.children[k];
      if (a.name == b.name && a.raw != b.raw) return true;
    }
  }
  return false;
}

void append_count(char tag, std::size_t count, std::string& out) {
  std::array<char, 24> text{tag};
  char* end = std::to_chars(text.data() + 1, text.data() + text.size(), count).ptr;
  *end++ = ':';
  out.append(text.data(), end);
}

void append_counted(char tag, std::string_view text, std::string& out) {
  append_count(tag, text.size(), out);
  out += text;
}

void append_canonical(const json_value& value, std::string& out);

// Of members with one name the texts decide.
void append_repeated_members(std::span<const json_value> members, std::string& out) {
  std::vector<std::pair<std::string_view, std::string>> texts;
  for (const auto& member : members) texts.emplace_back(member.name, canonical_text(member));
  std::sort(texts.begin(), texts.end());
  for (const auto& [name, text] : texts) {
    append_counted('k', name, out);
    out += text;
  }
}

void append_canonical_members(std::span<const json_value> members, std::string& out) {
  std::vector<const json_value*> sorted(members.size());
  std::transform(members.begin(), members.end(), sorted.begin(), [](const auto& member) { return &member; });
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  const auto repeated =
      std::adjacent_find(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name == b->name; });
  if (repeated != sorted.end()) return append_repeated_members(members, out);
  for (const auto* member : sorted) {
    append_counted('k', member->name, out);
    append_canonical(*member, out);
  }
}

void append_canonical(const json_value& value, std::string& out) {
  switch (value.kind) {
    case json_kind::null:
      out += 'n';
      return;
    case json_kind::boolean:
    case json_kind::number:
      return append_counted('s', value.raw, out);
    case json_kind::text:
      return append_counted('s', value.text, out);
    case json_kind::unusable:
      return append_counted('r', value.raw, out);
    case json_kind::array:
      append_count('a', value.children.size(), out);
      for (const auto& child : value.children) append_canonical(child, out);
      return;
    case json_kind::object:
      append_count('o', value.children.size(), out);
      return append_canonical_members(value.children, out);
  }
}

}  // namespace

std::string compact_json(const json_value& value) {
  std::string out;
  out.reserve(value.raw.size());
  append_compact(value, out);
  return out;
}

std::string_view jsonb_objection(const json_value& value) {
  if (value.kind == json_kind::unusable) return value.text;
  if (value.kind == json_kind::number && !text::plain_decimal(value.text)) return "contains a number out of range";
  if (value.kind == json_kind::object) {
    if (value.children.size() > most_members) return "contains an object with more than 64 members";
    if (repeats_a_key(value)) return "contains a key twice with different values";
  }
  for (const auto& child : value.children) {
    if (const auto objection = jsonb_objection(child); !objection.empty()) return objection;
  }
  return {};
}

std::string canonical_text(const json_value& value) {
  std::string out;
  out.reserve(value.raw.size());
  append_canonical(value, out);
  return out;
}

}  // namespace ordersync::pandapon::json
