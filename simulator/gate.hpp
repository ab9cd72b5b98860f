// What stands in front of the API: a page that challenges browsers, how too many requests are refused, and what clock
// the replies show. Pure.
#pragma once

#include "behaviour.hpp"
#include "http.hpp"

#include <cstdint>
#include <optional>

namespace pandapon_sim {

/// The page that is shown instead of any answer, while there is one.
std::optional<reply> challenge(const gate_rules& rules, const moment& at);

/// The refusal of a request above the rate limit.
reply refuse_for_rate(throttle as, std::uint64_t request_number);

/// What the Date header of the reply with that number, from 0, shows; none: there is no such header.
std::optional<epoch_ms> shown_date(const gate_rules& rules, epoch_ms now, std::uint64_t reply_number);

}  // namespace pandapon_sim
