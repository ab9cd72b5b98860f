#pragma once
// How many of something may happen in a time: so many a second, and a burst after a pause. Pure: the caller brings the
// time. One thread.

#include <algorithm>
#include <chrono>

namespace ordersync::app::http {

class token_bucket {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  token_bucket(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

  // Whether one may happen now, which counts as `cost`; then it is taken from those to come.
  bool take(time_point now, double cost = 1) noexcept {
    const auto passed = std::chrono::duration<double>(std::max(now - filled_at_, time_point::duration{0})).count();
    tokens_ = std::min(burst_, tokens_ + passed * per_second_);
    filled_at_ = std::max(now, filled_at_);
    if (tokens_ < cost) return false;
    tokens_ -= cost;
    return true;
  }

 private:
  double per_second_;
  double burst_;
  double tokens_;
  time_point filled_at_{};
};

}  // namespace ordersync::app::http
