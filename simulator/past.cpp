#include "past.hpp"

namespace pandapon_sim {

past::past(const catalogue& orders, epoch_ms at) : known_(orders.known()) {
  for (const event& e : orders.events()) {
    stood& order = stood_.try_emplace(e.which, stood{e.what != happening::created}).first->second;
    if (e.at > at) continue;
    order.there = true;
    order.version = e.version;
    if (e.what == happening::vanished) order.vanished = true;
    if (e.what == happening::returned) order.vanished = false;
  }
}

std::optional<snapshot> past::of(const record& now) const {
  if (now.serial >= known_) return std::nullopt;
  snapshot out{now};
  out.of.mutations = 0;
  if (const auto found = stood_.find(now.serial); found != stood_.end()) {
    if (!found->second.there) return std::nullopt;
    out.of.mutations = found->second.version;
    out.vanished = found->second.vanished;
  }
  return out;
}

}  // namespace pandapon_sim
