#include "sync/flow/rate_budget.hpp"

#include <algorithm>
#include <stdexcept>

namespace ordersync::sync::flow {

namespace {

using namespace std::chrono_literals;

// Halving finds any limit in a few steps, and the floor keeps a long series of refusals from bringing all work to a
// halt. Where the limit is known nearly, less is enough.
constexpr double floor_share = 0.02;
constexpr double halved = 0.5;
constexpr double lowered = 0.75;

// What the rate gains in a second of requests that are answered: a twentieth of what is configured, so that the whole
// comes back in 20 s; and near to what was refused a hundredth of that.
constexpr double usual_growth = 0.05;
constexpr double careful_growth = 0.01;
constexpr double near = 0.8;    // of what was refused: from here on with care
constexpr double close = 0.95;  // no nearer than this

// How long it stays there before more is tried, how much more, and how long the wait gets where that is refused.
constexpr rate_budget::clock::duration first_hold = 60s;
constexpr rate_budget::clock::duration next_hold = 15s;  // where more went well: the limit is another one now
constexpr rate_budget::clock::duration last_hold = 15min;
constexpr double beyond = 1.25;

// After so many answers in a row one refusal says nothing about the rate: less than one in a hundred is left alone.
// What it cost comes back by a twentieth an answer.
constexpr int enough = 100;
constexpr double regained = 1.05;

// What is known of a limit that nobody comes near to is forgotten after this long.
constexpr rate_budget::clock::duration memory = 30min;

// Answers further apart than this say no more than this.
constexpr rate_budget::clock::duration longest_step = 1s;
// However little of the rate there is.
constexpr std::chrono::duration<double> longest_interval = 1h;
// Where nobody says when a refused request left, it left so long ago.
constexpr rate_budget::clock::duration usual_age = 1s;

double seconds(rate_budget::clock::duration of) {
  return std::chrono::duration<double>(of).count();
}

}  // namespace

rate_budget::rate_budget(double per_second, int burst)
    : whole_(per_second), configured_(per_second), rate_(per_second), burst_(burst), hold_(first_hold) {
  if (!(per_second > 0) || burst < 1) throw std::logic_error("a rate budget needs a rate and a burst above zero");
}

rate_budget::clock::duration rate_budget::interval() const noexcept {
  return std::chrono::duration_cast<clock::duration>(
      std::min(std::chrono::duration<double>(1 / rate_), longest_interval));
}

rate_budget::clock::time_point rate_budget::ready_at(clock::time_point now) const noexcept {
  const auto ready = std::max({next_, now, not_before_});
  return ready < until_ ? ready : clock::time_point::max();
}

int rate_budget::burst() const noexcept {
  return 1 + static_cast<int>(std::max(0, burst_ - sharers_) * configured_ / whole_);
}

void rate_budget::allow(clock::time_point now, double per_second, clock::time_point until, int sharers) {
  const bool anew = until_ <= now;
  until_ = per_second > 0 ? until : clock::time_point::min();
  if (per_second <= 0) return;
  const auto interval_before = interval();
  const int burst_before = burst();
  const double ratio = per_second / configured_;
  configured_ = per_second;
  sharers_ = std::max(1, sharers);
  for (double* each : {&rate_, &resumed_}) *each *= ratio;
  for (auto* each : {&refused_at_, &found_})
    if (*each) **each *= ratio;
  keep_saved(now, anew, interval_before, burst_before);
}

// What is saved up of a request, or of some, is as much as before, or less.
void rate_budget::keep_saved(clock::time_point now, bool anew, clock::duration interval_before, int burst_before) {
  const auto each = interval();
  if (anew) {
    next_ = std::max(next_, now + each);
  } else if (each > interval_before && next_ > now) {
    // The rest is longer than an interval where the API said to wait.
    const std::chrono::duration<double> rest = next_ - now;
    const auto scaled = rest * (seconds(each) / seconds(interval_before));
    next_ = now + std::chrono::duration_cast<clock::duration>(std::min<std::chrono::duration<double>>(
                      scaled, std::max<std::chrono::duration<double>>(rest, each)));
  } else if (each < interval_before || burst() > burst_before) {
    next_ = std::clamp(next_, now, now + each);
  }
}

void rate_budget::spend(clock::time_point now) {
  if (ready_at(now) > now) throw std::logic_error("a request leaves before the rate budget is ready");
  in_use_ = now <= next_ + interval();
  // What was not used in the past is gone, but for the burst.
  const auto unused = interval() * (refused_at_ ? 0 : burst() - 1);
  next_ = std::max(next_, now - unused) + interval();
}

void rate_budget::throttled(clock::time_point now, clock::duration pause, std::optional<clock::time_point> sent) {
  if (sent.value_or(now - usual_age) > lowered_at_) lower(now);
  not_before_ = std::max(not_before_, now + pause);
  next_ = std::max(next_, not_before_);
}

void rate_budget::lower(clock::time_point now) noexcept {
  // Nor is the rate the reason where nobody uses it.
  if (row_ >= enough || (found_ && !in_use_)) {
    resumed_ = rate_;
    if (!found_) found_ = rate_;
    rate_ = std::max(configured_ * floor_share, rate_ * lowered);
  } else {
    remember(std::max(rate_, resumed_));
    resumed_ = 0;
  }
  row_ = 0;
  lowered_at_ = now;
}

void rate_budget::remember(double refused) noexcept {
  // Where the limit was known nearly, more was tried, and it was too much: the next time comes later.
  const bool known = refused_at_ && (trying_more_ || refused > *refused_at_ * near);
  hold_ = known ? std::min(hold_ * 2, last_hold) : first_hold;
  const double share = known ? lowered : halved;
  rate_ = std::max(configured_ * floor_share, refused * share);
  found_ = found_ ? std::min(*found_, std::max(rate_, refused * close)) : rate_;
  refused_at_ = refused;
  trying_more_ = false;
  held_ = {};
}

double rate_budget::growth() const noexcept {
  if (!refused_at_ || rate_ < *refused_at_ * near) return configured_ * usual_growth;
  return in_use_ ? *refused_at_ * careful_growth : 0;
}

void rate_budget::succeeded(clock::time_point now) {
  const auto step = std::clamp<clock::duration>(now - grown_at_, clock::duration{}, longest_step);
  grown_at_ = now;
  if (!in_use_ && now - lowered_at_ >= memory) refused_at_.reset();
  if (in_use_) ++row_;
  if (rate_ < resumed_) {
    rate_ = std::min(resumed_, rate_ * regained);
    return;
  }
  resumed_ = 0;
  const double most = refused_at_ ? std::min(configured_, std::max(rate_, *refused_at_ * close)) : configured_;
  const double grown = rate_ + growth() * seconds(step);
  rate_ = std::min(most, grown);
  if (!in_use_) return;
  if (found_) found_ = std::max(*found_, rate_);
  if (!refused_at_ || grown < most) return;
  held_ += step;
  look_beyond();
}

void rate_budget::look_beyond() noexcept {
  if (rate_ >= configured_) {
    if (held_ >= last_hold) refused_at_.reset();
    return;
  }
  if (held_ < (trying_more_ ? next_hold : hold_)) return;
  held_ = {};
  if (trying_more_) hold_ = first_hold;  // it went well
  trying_more_ = true;
  refused_at_ = *refused_at_ * beyond;
}

}  // namespace ordersync::sync::flow
