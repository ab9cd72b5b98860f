// The forms in which the detail's fields are served, and oddities of its values. Pure.
#pragma once

#include "detail/model.hpp"
#include "record.hpp"

#include <cstdint>

namespace pandapon_sim {

/// Gives fields of a plain detail their oddities. They roll anew with every step of the order's life. Ids of the order
/// and its parcels are always there, unless what holds them is not.
void choose_forms(order_detail& d, const recipe& from, const record& of);

/// Rolls anew, by `call`, all that means the same: numbers as text, texts as numbers, spellings of amounts.
void change_forms(order_detail& d, const recipe& from, const record& of, std::uint64_t call);

}  // namespace pandapon_sim
