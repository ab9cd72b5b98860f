// The forms in which the vendor writes fields: mostly as in its sample, now and then oddly. Pure.
#pragma once

#include "order.hpp"
#include "record.hpp"

#include <cstdint>

namespace pandapon_sim {

/// Gives values and fields of a plain order their oddities. They roll anew with every mutation, so that a field which
/// could not be read may be readable later and the other way round.
void choose_forms(order& o, const recipe& from, const record& of);

/// Rolls anew, by `call`, all that means the same: numbers as text, texts as numbers, JSON in a string, encoded twice
/// or as it is. What a mirror holds does not change. The facts: types change from call to call.
void change_forms(order& o, const recipe& from, const record& of, std::uint64_t call);

}  // namespace pandapon_sim
