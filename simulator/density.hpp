// When a shop's orders are created: nights are quiet, weekends slower, some days busy, and batches share one second.
#pragma once

#include "instant.hpp"

#include <cstdint>
#include <vector>

namespace pandapon_sim {

/// Exactly `orders` times within [from, to), ascending; the same for the same arguments. Most are whole seconds, as in
/// the vendor's sample. `to` must be after `from` unless `orders` is 0.
std::vector<epoch_ms> creation_times(std::uint64_t seed, std::uint32_t orders, epoch_ms from, epoch_ms to);

}  // namespace pandapon_sim
