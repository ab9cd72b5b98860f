// A token bucket: what comes back each second, and what it holds.
#pragma once

#include "instant.hpp"

#include <cstdint>

namespace pandapon_sim {

class rate_limit {
 public:
  /// 0 a second limits nothing; `burst`: what it holds, 0 for a second's worth.
  explicit rate_limit(std::uint32_t per_second, std::uint32_t burst = 0)
      : per_second_(per_second), full_ms_((burst == 0 ? per_second : burst) * 1000LL), tokens_ms_(full_ms_) {}

  /// Whether a request at `now` passes; times that go backwards refill nothing.
  bool take(epoch_ms now);

 private:
  std::int64_t per_second_;
  std::int64_t full_ms_;
  std::int64_t tokens_ms_;  // thousandths of a request
  epoch_ms last_ = 0;
};

}  // namespace pandapon_sim
