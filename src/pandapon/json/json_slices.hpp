#pragma once
// Cutting a JSON text into the raw texts of its members or elements without reading those: so that every order is
// parsed alone, one broken order costs no neighbour, and an order is kept byte for byte as served. Pure; any thread.
//
// Only strings and brackets are looked at. What is inside a slice may still be no JSON: parse_json() checks that.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace ordersync::pandapon::json {

struct json_slice {
  std::string_view key;    // of a member: as it stands between its quotes, escapes and all; else empty
  std::string_view value;  // without surrounding space; never empty
  // Of a member that is a list of nothing but objects: they, as slice_array() would cut them. Long lists are looked at
  // once this way.
  std::vector<std::string_view> objects{};
};

// None where the text is no object (array) or cannot be cut with certainty: a string without an end, brackets that do
// not match, a missing comma or colon, anything after the end.
std::optional<std::vector<json_slice>> slice_object(std::string_view json);
std::optional<std::vector<json_slice>> slice_array(std::string_view json);

// Where the value that begins at `from` ends: one past its last byte, npos when it has no end. Depth is not limited.
std::size_t end_of_json(std::string_view json, std::size_t from);

}  // namespace ordersync::pandapon::json
