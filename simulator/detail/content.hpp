// Makes up what the order's detail says, from the same record as the order itself. Pure: the same arguments give the
// same detail, word for word.
#pragma once

#include "detail/model.hpp"
#include "record.hpp"

#include <span>

namespace pandapon_sim {

/// Amounts, status and lines are those of compose(); `steps` is that of live().
order_detail compose_detail(const recipe& from, const record& of, std::span<const epoch_ms> steps);

}  // namespace pandapon_sim
