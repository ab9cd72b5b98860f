#pragma once
// The text of one order -> core::order. Pure.

#include "core/order.hpp"
#include "pandapon/json/json.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace ordersync::pandapon::decode {

// `served` is the order's bytes as they stand in the reply. Whatever is inside costs at most what it belongs to: a
// field, a nested value, a line; the order is unusable only where its id is, or where it is no JSON object of valid
// UTF-8. Returns why it is, empty when `order`, which was new, holds it. Clears the arena. observed_at is left to the
// caller.
std::string read_order(std::string_view served, json::json_arena& arena, core::order& order);

// What is kept of one that is unusable; `path` is where it stands in the reply ("data[3]").
core::unusable_order keep_unusable(std::string_view served, std::string path, std::string reason);

// Both in one.
std::variant<core::order, core::unusable_order> decode_order(std::string_view served, std::string path,
                                                             json::json_arena& arena);

}  // namespace ordersync::pandapon::decode
