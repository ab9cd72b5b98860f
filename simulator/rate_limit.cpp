#include "rate_limit.hpp"

#include <algorithm>

namespace pandapon_sim {

bool rate_limit::take(epoch_ms now) {
  if (per_second_ == 0) return true;
  // A pause of a second fills the bucket, however long it was.
  const std::int64_t passed = std::clamp<std::int64_t>(now - last_, 0, 1000);
  tokens_ms_ = std::min(tokens_ms_ + passed * per_second_, per_second_ * 1000);
  last_ = std::max(last_, now);
  if (tokens_ms_ < 1000) return false;
  tokens_ms_ -= 1000;
  return true;
}

}  // namespace pandapon_sim
