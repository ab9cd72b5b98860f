#pragma once
// orderDetailInfoVOS -> the order's lines. Pure.

#include "core/order.hpp"
#include "pandapon/findings.hpp"
#include "pandapon/json.hpp"
#include "pandapon/path.hpp"

namespace ordersync::pandapon {

// Fills order.items from an array of lines; order.id is already known. A line without a usable id, or with the id of a
// line before it, is left out and reported; the others keep the position they were served at.
void decode_items(const json_value& lines, const json_path& where, json_arena& arena, core::order& order,
                  findings& found);

}  // namespace ordersync::pandapon
