#pragma once
// Nested JSON, which the API serves as a text that holds JSON, as real structure, or encoded twice. Pure.

#include "pandapon/findings.hpp"
#include "pandapon/json.hpp"
#include "pandapon/path.hpp"

namespace ordersync::pandapon {

// Texts in texts that are opened. Twice was seen; once more costs nothing, without an end it would be a trap.
constexpr int most_encodings = 3;

// The value's content when it is of the wanted kind (array or object). Nothing where `value` is null (the pointer, the
// JSON value, or the text "null") or an empty or blank text; nothing and a finding where it cannot be used. The content
// lives as long as the arena's.
const json_value* open_nested(const json_value* value, json_kind wanted, const json_path& where, json_arena& arena,
                              findings& found);

}  // namespace ordersync::pandapon
