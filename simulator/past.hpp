// How all orders stood at one moment: now, or earlier, by the catalogue's log of what happened since. Single-threaded.
#pragma once

#include "catalogue.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace pandapon_sim {

class past {
 public:
  /// Costs a walk through the log. The catalogue outlives it and may change meanwhile; what happens then is not seen.
  past(const catalogue& orders, epoch_ms at);

  /// None: the order was not there yet.
  std::optional<snapshot> of(const record& now) const;

 private:
  struct stood {
    bool there = true;
    bool vanished = false;
    std::uint16_t version = 0;
  };

  std::size_t known_;                       // serials from here on came later than the log was read
  std::unordered_map<entry, stood> stood_;  // of those to which anything happened, ever; all others never changed
};

}  // namespace pandapon_sim
