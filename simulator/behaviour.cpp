#include "behaviour.hpp"

#include <algorithm>

namespace pandapon_sim {

std::int64_t last_change_ms(const behaviour& how) {
  const auto& listing = how.listing;
  const auto& gate = how.gate;
  std::int64_t last = std::max(how.range.zone_after_ms, listing.hide_finished_after_ms.value_or(0));
  if (listing.hide_older_than_ms) last = std::max(last, listing.hide_older_after_ms);
  if (gate.challenge_status != 0) last = std::max(last, gate.challenge_from_ms + gate.challenge_for_ms.value_or(0));
  return last;
}

}  // namespace pandapon_sim
