#include "pandapon/columns/nested.hpp"

#include <span>

namespace ordersync::pandapon::columns {
namespace {

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string_view kind_complaint(json::json_kind wanted) {
  return wanted == json::json_kind::array ? "is not an array" : "is not an object";
}

}  // namespace

const json::json_value* open_nested(const json::json_value* value, json::json_kind wanted, const json::json_path& where,
                                    json::json_arena& arena, findings& found) {
  if (value == nullptr) return nullptr;
  json::json_value content = *value;
  for (int layer = 0; content.kind == json::json_kind::text; ++layer) {
    if (blank(content.text)) return nullptr;
    if (layer == most_encodings) {
      found.cannot_use(where, "is encoded more than three times", value->raw);
      return nullptr;
    }
    const auto document = json::parse_json(content.text, arena);
    if (!document.value) {
      found.cannot_use(where, document.problem, value->raw);
      return nullptr;
    }
    content = *document.value;
  }
  if (content.kind == json::json_kind::null) return nullptr;
  if (content.kind != wanted) {
    const auto complaint = content.kind == json::json_kind::unusable ? content.text : kind_complaint(wanted);
    found.cannot_use(where, complaint, value->raw);
    return nullptr;
  }
  return arena.keep(std::span(&content, 1)).data();
}

}  // namespace ordersync::pandapon::columns
