#include "pandapon/json/json_text.hpp"

#include "pandapon/text/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace ordersync::pandapon::json {
namespace {

void append_quoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
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

void append_counted(char tag, std::string_view text, std::string& out) {
  out += tag;
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void append_canonical(const json_value& value, std::string& out);

void append_canonical_members(const json_value& object, std::string& out) {
  std::vector<std::pair<std::string_view, std::string>> members;
  for (const auto& child : object.children) members.emplace_back(child.name, canonical_text(child));
  std::sort(members.begin(), members.end());
  for (const auto& [name, text] : members) {
    append_counted('k', name, out);
    out += text;
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
      out += fmt::format("a{}:", value.children.size());
      for (const auto& child : value.children) append_canonical(child, out);
      return;
    case json_kind::object:
      out += fmt::format("o{}:", value.children.size());
      return append_canonical_members(value, out);
  }
}

}  // namespace

std::string compact_json(const json_value& value) {
  std::string out;
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
  append_canonical(value, out);
  return out;
}

}  // namespace ordersync::pandapon::json
