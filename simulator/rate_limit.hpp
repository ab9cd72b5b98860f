// A token bucket of one second's worth of requests.
#pragma once

#include "instant.hpp"

#include <cstdint>

namespace pandapon_sim {

class rate_limit {
 public:
  /// 0 limits nothing.
  explicit rate_limit(std::uint32_t per_second) : per_second_(per_second), tokens_ms_(per_second * 1000LL) {}

  /// Whether a request at `now` passes; times that go backwards refill nothing.
  bool take(epoch_ms now);

 private:
  std::int64_t per_second_;
  std::int64_t tokens_ms_;  // thousandths of a request
  epoch_ms last_ = 0;
};

}  // namespace pandapon_sim
