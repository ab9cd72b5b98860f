#include "app/telemetry/request_history.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ordersync::app::telemetry {

using std::chrono::microseconds;

namespace {

constexpr double growth = 1.2;

std::size_t bin_of(microseconds took) {
  const double ms = static_cast<double>(took.count()) / 1'000;
  if (ms <= 1) return 0;
  return std::min(static_cast<std::size_t>(std::log(ms) / std::log(growth)) + 1, request_history::bins - 1);
}

// The geometric middle of a bin.
microseconds middle_of(std::size_t bin) {
  const double ms = bin == 0 ? 0.5 : std::pow(growth, static_cast<double>(bin) - 0.5);
  return microseconds{static_cast<std::int64_t>(ms * 1'000)};
}

template <class Latencies>
microseconds quantile(const Latencies& of, std::int64_t count, double share) {
  const auto wanted = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(count)));
  std::int64_t seen = 0;
  for (std::size_t bin = 0; bin < of.size(); ++bin) {
    seen += of[bin];
    if (seen >= wanted) return middle_of(bin);
  }
  return middle_of(of.size() - 1);
}

}  // namespace

void request_history::add_beside(core::instant at, std::string_view outcome, std::chrono::nanoseconds took) {
  count(at, outcome, took);
}

void request_history::count(core::instant at, std::string_view outcome, std::chrono::nanoseconds took) {
  newest_ = std::max(newest_, std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count());
  auto& current = ring_[static_cast<std::size_t>(newest_) % ring_.size()];
  if (current.number != newest_) current = {.number = newest_};
  const auto found = std::ranges::find(names, outcome);
  ++current.outcomes[static_cast<std::size_t>(found - names.begin())];
  if (outcome != names.front()) return;
  const auto length_of_it = std::chrono::duration_cast<microseconds>(took);
  ++current.latencies[bin_of(length_of_it)];
  current.longest = std::max(current.longest, length_of_it);
}

void request_history::add(core::instant at, std::string_view account, std::string_view outcome,
                          std::chrono::nanoseconds took) {
  count(at, outcome, took);
  auto known = accounts_.find(account);
  if (known == accounts_.end()) known = accounts_.emplace(account, account_state{}).first;
  auto& state = known->second;
  if (outcome == names.front()) {
    state = {.last_ok = at, .average = average_with(account, std::chrono::duration_cast<microseconds>(took))};
  } else {
    if (!state.failing_since) state.failing_since = at;
    ++state.failures;
    if (state.failure != outcome) {
      state.failure = outcome;
      state.same_failure_since = at;
      state.same_failures = 0;
    }
    ++state.same_failures;
  }
}

std::optional<std::chrono::milliseconds> request_history::average_with(std::string_view account, microseconds took) {
  auto known = answers_.find(account);
  if (known == answers_.end()) known = answers_.emplace(account, std::deque<microseconds>{}).first;
  auto& last = known->second;
  last.push_back(took);
  if (last.size() > averaged) last.pop_front();
  if (last.size() < averaged) return std::nullopt;
  const auto sum = std::accumulate(last.begin(), last.end(), microseconds{0});
  return std::chrono::duration_cast<std::chrono::milliseconds>(sum / averaged);
}

request_history::minute request_history::minute_of(const bucket& of) {
  minute result{.begin = core::second{std::chrono::minutes{of.number}}};
  for (std::size_t i = 0; i < of.outcomes.size(); ++i) {
    if (of.outcomes[i] == 0) continue;
    result.outcomes[i < names.size() ? std::string{names[i]} : "other"] = of.outcomes[i];
    result.count += of.outcomes[i];
  }
  const auto ok = of.outcomes.front();
  if (ok == 0) return result;
  // The middle of a bin may lie beyond the longest that fell into it.
  result.p50 = std::min(quantile(of.latencies, ok, 0.5), of.longest);
  result.p95 = std::min(quantile(of.latencies, ok, 0.95), of.longest);
  result.longest = of.longest;
  return result;
}

std::vector<request_history::minute> request_history::minutes(core::instant now) const {
  const auto last = std::max(newest_, std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count());
  std::vector<minute> result;
  for (auto number = last - length.count() + 1; number <= last; ++number) {
    if (number < 0) continue;
    const auto& kept = ring_[static_cast<std::size_t>(number) % ring_.size()];
    if (kept.number == number) result.push_back(minute_of(kept));
  }
  return result;
}

}  // namespace ordersync::app::telemetry
