#pragma once
// Parsed JSON back as text. Pure; any thread.

#include "pandapon/json/json.hpp"

#include <string>
#include <string_view>

namespace ordersync::pandapon::json {

// Compact JSON, scalars spelt as served.
std::string compact_json(const json_value& value);

// Why PostgreSQL's jsonb would refuse the value or keep something else than it says: a text with NUL, a number with
// more digits than anybody means, a key served twice with different values. Empty when it is fine.
std::string_view jsonb_objection(const json_value& value);

// An unambiguous text that is equal for values that mean the same: members sorted by key, numbers and booleans as the
// text that spells them ("1" and 1 are equal). For hashing only, it is no JSON.
std::string canonical_text(const json_value& value);

}  // namespace ordersync::pandapon::json
