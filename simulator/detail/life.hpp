// When what happened to an order, and to its refund. Pure: times of steps come from the log, those before them are made
// up from the order's record.
#pragma once

#include "lifecycle.hpp"
#include "record.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace pandapon_sim {

struct life {
  standing now;
  epoch_ms created = 0;
  epoch_ms modified = 0;
  // None: it has not happened. Of two parcels `shipped` is when the first left.
  std::optional<epoch_ms> paid, shipped, all_shipped, received, confirmed, completed, closed;
  std::optional<epoch_ms> refund_asked, refund_changed;
  bool refund_after_sale = false;
};

/// `steps`: when each step of its life was taken; the first of->mutations of them count, and any that lack are taken to
/// have been at once.
life live(const recipe& from, const record& of, std::span<const epoch_ms> steps);

}  // namespace pandapon_sim
