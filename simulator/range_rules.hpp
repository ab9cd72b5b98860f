// What the API makes of the range of time and the page that are asked for. Pure.
#pragma once

#include "behaviour.hpp"
#include "query.hpp"

namespace pandapon_sim {

/// Turns the times of `asked` into bounds of `asked.wanted`, unless they are refused. A begin that is not given counts
/// as 1970, an end as now; a request without any time has no range, and no rule about ranges touches it.
refusal apply_range_rules(const range_rules& rules, const filter_ends& ends, const moment& at, query& asked);

}  // namespace pandapon_sim
