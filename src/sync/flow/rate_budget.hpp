#pragma once
// How many requests a second all work together may send (`sync.rate`), and how that follows a limit of the API's that
// nobody knows beforehand. Pure: the caller brings the time. One thread.
//
// Whose request it is that leaves is admission's to say. Additive increase, multiplicative decrease, with a memory: the
// rate at which requests were refused last is come near to slowly and gone beyond seldom, so that a limit below ours
// costs a few refusals and not one at every turn. One refusal after many answers in a row may have any reason: what it
// cost comes back at once. After a refusal nothing leaves until the API's wait is over.

#include <chrono>
#include <optional>

namespace ordersync::sync::flow {

class rate_budget {
 public:
  using clock = std::chrono::steady_clock;

  // `per_second` > 0; `burst` >= 1 requests may leave at once after a pause, while no limit of the API's is known.
  rate_budget(double per_second, int burst);

  // When the next request may leave: `now` or later.
  clock::time_point ready_at(clock::time_point now) const noexcept;
  // One leaves now; it must be ready (std::logic_error).
  void spend(clock::time_point now);

  // The API said to wait. `sent`: when the refused request left; where it is not known, a moment before now. Requests
  // that left before the rate was last lowered say nothing about what it is now.
  void throttled(clock::time_point now, clock::duration pause, std::optional<clock::time_point> sent = std::nullopt);
  // The API answered.
  void succeeded(clock::time_point now);

  // From `now` on there is another rate in place of the configured one, and it ends at `until`: a slice of what
  // `sharers` processes share. What is known of the API's limit is scaled with it. 0: nothing may leave.
  //
  // So that all sharers together send at most the rate and the burst in any time (or as many at once as they are, where
  // these are more): each may save up one request and its part of what the others leave of the burst; where a slice
  // begins or grows, nothing is saved up beyond that.
  void allow(clock::time_point now, double per_second, clock::time_point until, int sharers = 1);

  // What is allowed at the moment, at most what was configured.
  double per_second() const noexcept { return rate_; }
  // What was configured, or the slice in its place.
  double most_per_second() const noexcept { return configured_; }
  // The rate that the API was found to allow; none while it never refused one.
  std::optional<double> found_per_second() const noexcept { return found_; }

 private:
  clock::duration interval() const noexcept;
  int burst() const noexcept;
  void keep_saved(clock::time_point now, bool anew, clock::duration interval_before, int burst_before);
  double growth() const noexcept;
  void lower(clock::time_point now) noexcept;
  void remember(double refused) noexcept;
  void look_beyond() noexcept;

  double whole_;       // what was configured
  double configured_;  // of it, what is ours
  clock::time_point until_ = clock::time_point::max();
  double rate_;
  int burst_;
  int sharers_ = 1;
  std::optional<double> refused_at_;  // the rate at which requests were last refused, while it is remembered
  std::optional<double> found_;
  double resumed_ = 0;              // the rate that comes back at once
  int row_ = 0;                     // requests answered since the last refusal
  bool trying_more_ = false;        // than was refused
  bool in_use_ = false;             // the last request left as soon as it might
  clock::time_point next_{};        // when the next may leave
  clock::time_point not_before_{};  // set by the API
  clock::time_point lowered_at_{};  // when the rate was last lowered
  clock::time_point grown_at_{};    // when a success last counted
  clock::duration held_{};          // how long all went well just below what was refused
  clock::duration hold_;            // how long that has to be before more is tried
};

}  // namespace ordersync::sync::flow
