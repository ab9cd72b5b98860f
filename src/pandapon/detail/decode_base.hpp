#pragma once
// baseInfo -> the detail's own columns and its contacts. Pure.

#include "core/order_detail.hpp"
#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"

namespace ordersync::pandapon::detail {

// Returns 1688's number of the order, where it is said.
core::integer decode_base(const json::json_value& base, const json::json_path& where, json::json_arena& arena,
                          core::order_detail& detail, columns::findings& found);

}  // namespace ordersync::pandapon::detail
