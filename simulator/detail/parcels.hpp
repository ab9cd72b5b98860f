// An order's parcels. Pure.
#pragma once

#include "compose.hpp"
#include "detail/life.hpp"
#include "detail/model.hpp"

#include <cstddef>
#include <vector>

namespace pandapon_sim {

/// None before the order was shipped, then one or two. Some need no logistics and say so in words, and some get another
/// waybill number on their way.
std::vector<parcel> make_parcels(const life& l, const line_context& context, std::size_t lines);

}  // namespace pandapon_sim
