// What is done to every reply of the order list before it leaves: bytes in front, encoding, and the way it ends.
#pragma once

#include "behaviour.hpp"
#include "http.hpp"

namespace pandapon_sim {

/// Faults of `out` that are about encoding act here too.
void encode_reply(const reply_rules& rules, reply& out);

}  // namespace pandapon_sim
