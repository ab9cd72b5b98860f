#pragma once
// Nested JSON, which the API serves as a text that holds JSON, as real structure, or encoded twice. Pure.

#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"

namespace ordersync::pandapon::columns {

// Texts in texts that are opened. Twice was seen; once more costs nothing, without an end it would be a trap.
constexpr int most_encodings = 3;

// The value's content when it is of the wanted kind (array or object). Nothing where `value` is null (the pointer, the
// JSON value, or the text "null") or an empty or blank text; nothing and a finding where it cannot be used. The content
// lives as long as the arena's.
const json::json_value* open_nested(const json::json_value* value, json::json_kind wanted, const json::json_path& where,
                                    json::json_arena& arena, findings& found);

}  // namespace ordersync::pandapon::columns
