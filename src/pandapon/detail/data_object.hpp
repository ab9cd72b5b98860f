#pragma once
// The object that a reply about one order or refund holds as `data`. Pure.

#include "core/error.hpp"
#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"

#include <string_view>

namespace ordersync::pandapon::detail {

// The object, which lives as long as the arena and `data`. It may be a text that holds JSON. failure::unusable_reply
// where there is none; `what` names it: "order detail".
core::result<const json::json_value*> open_data(std::string_view data, std::string_view what, json::json_arena& arena);

// The failure of a reply that holds something else than was asked for.
core::error unusable(std::string_view what, std::string_view why);

}  // namespace ordersync::pandapon::detail
