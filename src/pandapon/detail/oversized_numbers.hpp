#pragma once
// Numbers in JSON that is kept as it came, but that no database takes. Pure.

#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"

namespace ordersync::pandapon::detail {

// Each that core::fits_a_database refuses, in `value` or inside of it, is a finding; it is not stored.
void note_oversized_numbers(const json::json_value& value, const json::json_path& where, columns::findings& found);

}  // namespace ordersync::pandapon::detail
