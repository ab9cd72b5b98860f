#pragma once
// The text of one order -> core::order. Pure.

#include "core/order.hpp"
#include "pandapon/json/json.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace ordersync::pandapon::decode {

// `served` is the order's bytes as they stand in the reply, `path` where ("data[3]"). Whatever is inside costs at most
// what it belongs to: a field, a nested value, a line; the order is unusable only where its id is, or where it is no
// JSON object of valid UTF-8. Clears the arena. observed_at is left to the caller.
std::variant<core::order, core::unusable_order> decode_order(std::string_view served, std::string path,
                                                             json::json_arena& arena);

}  // namespace ordersync::pandapon::decode
