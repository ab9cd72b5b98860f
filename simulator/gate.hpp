// What stands in front of the API: how too many requests are refused, and what clock the replies show. Pure.
#pragma once

#include "behaviour.hpp"
#include "http.hpp"

#include <cstdint>
#include <optional>

namespace pandapon_sim {

/// The refusal of a request above the rate limit.
reply refuse_for_rate(throttle as, std::uint64_t request_number);

/// What the Date header of the reply with that number, from 0, shows; none: there is no such header.
std::optional<epoch_ms> shown_date(const gate_rules& rules, epoch_ms now, std::uint64_t reply_number);

}  // namespace pandapon_sim
