#pragma once
// How many requests a second all work together may send (`sync.rate`), and how that shrinks when the API asks for
// patience. Pure: the caller brings the time. One thread.
//
// Whose request it is that leaves is admission's to say. After a 429 nothing leaves until the API's wait is over, and
// the rate is halved; every success gives a little back. So a vendor's limit below ours, which nobody knows beforehand,
// costs a few refusals and not one at every turn.

#include <chrono>

namespace ordersync::sync {

class rate_budget {
 public:
  using clock = std::chrono::steady_clock;

  // `per_second` > 0; `burst` >= 1 requests may leave at once after a pause.
  rate_budget(double per_second, int burst);

  // When the next request may leave: `now` or later.
  clock::time_point ready_at(clock::time_point now) const noexcept;
  // One leaves now; it must be ready (std::logic_error).
  void spend(clock::time_point now);

  // The API said to wait.
  void throttled(clock::time_point now, clock::duration pause);
  // The API answered.
  void succeeded();

  // What is allowed at the moment, at most what was configured.
  double per_second() const noexcept;

 private:
  clock::duration interval() const noexcept;

  double configured_;
  double share_ = 1.0;  // of what was configured
  int burst_;
  clock::time_point next_{};        // when the next may leave
  clock::time_point not_before_{};  // set by the API
};

}  // namespace ordersync::sync
