#pragma once
// orderDetailInfoVOS -> the order's lines. Pure.

#include "core/order.hpp"
#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"

namespace ordersync::pandapon::decode {

// Fills order.items from an array of lines; order.id is already known. A line without a usable id, or with the id of a
// line before it, is left out and reported; the others keep the position they were served at.
void decode_items(const json::json_value& lines, const json::json_path& where, json::json_arena& arena,
                  core::order& order, columns::findings& found);

}  // namespace ordersync::pandapon::decode
