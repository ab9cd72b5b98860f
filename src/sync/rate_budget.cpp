#include "sync/rate_budget.hpp"

#include <algorithm>
#include <stdexcept>

namespace ordersync::sync {

namespace {
// Halving finds any limit in a few steps; a twentieth back a success doubles the rate again in about 15 of them. The
// floor keeps a long quarrel from bringing all work to a halt.
constexpr double floor_share = 0.02;
constexpr double regained_share = 0.05;
}  // namespace

rate_budget::rate_budget(double per_second, int burst) : configured_(per_second), burst_(burst) {
  if (!(per_second > 0) || burst < 1) throw std::logic_error("a rate budget needs a rate and a burst above zero");
}

rate_budget::clock::duration rate_budget::interval() const noexcept {
  return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(1 / per_second()));
}

double rate_budget::per_second() const noexcept {
  return configured_ * share_;
}

rate_budget::clock::time_point rate_budget::ready_at(clock::time_point now) const noexcept {
  return std::max({next_, now, not_before_});
}

void rate_budget::spend(clock::time_point now) {
  if (ready_at(now) > now) throw std::logic_error("a request leaves before the rate budget is ready");
  // What was not used in the past is gone, but for the burst.
  const auto unused = interval() * (burst_ - 1);
  next_ = std::max(next_, now - unused) + interval();
}

void rate_budget::throttled(clock::time_point now, clock::duration pause) {
  // Of requests sent together all are refused: one quarrel, one halving.
  if (now >= not_before_) share_ = std::max(floor_share, share_ / 2);
  not_before_ = std::max(not_before_, now + pause);
  next_ = std::max(next_, not_before_);
}

void rate_budget::succeeded() {
  share_ = std::min(1.0, share_ * (1 + regained_share));
}

}  // namespace ordersync::sync
