#pragma once
// baseInfo -> the detail's own columns and its contacts. Pure.

#include "core/order_detail.hpp"
#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"

namespace ordersync::pandapon::detail {

// Which order the detail says it is about.
struct said_order {
  core::integer number;     // 1688's; none: it does not say
  bool unreadable = false;  // it says something that is no number, so nobody knows
};

said_order decode_base(const json::json_value& base, const json::json_path& where, json::json_arena& arena,
                       core::order_detail& detail, columns::findings& found);

}  // namespace ordersync::pandapon::detail
