#include "rate_limit.hpp"

#include <algorithm>

namespace pandapon_sim {

bool rate_limit::take(epoch_ms now) {
  if (per_second_ == 0) return true;
  // An hour fills any bucket well enough.
  const std::int64_t passed = std::clamp<std::int64_t>(now - last_, 0, 3'600'000);
  tokens_ms_ = std::min(tokens_ms_ + passed * per_second_, full_ms_);
  last_ = std::max(last_, now);
  if (tokens_ms_ < 1000) return false;
  tokens_ms_ -= 1000;
  return true;
}

}  // namespace pandapon_sim
