// Hours of a shop whose orders change all the time, checked by counts at the rate that checks are given: how long a
// change stays unseen, and how many requests that takes. Simulated time, whatever the machine.

#include "sync/recheck/shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

namespace ordersync::sync::recheck {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr core::second begin{1'700'000'000s};
const core::window half_year{begin, begin + days{180}};

struct figures {
  std::vector<double> latencies;
  std::int64_t requests = 0;
  double seconds = 0;
  std::size_t windows = 0;

  double quantile(double q) {
    std::ranges::sort(latencies);
    return latencies.at(static_cast<std::size_t>(q * static_cast<double>(latencies.size() - 1)));
  }
  double rate() const { return static_cast<double>(requests) / seconds; }
};

class simulated_hours {
 public:
  simulated_hours(std::uint64_t seed, double changes_per_second)
      : shop_(seed), every_(1 / changes_per_second), next_change_(every_) {
    shop_.fill(half_year, 100'000, 5'000);
    shop_.before_request = [this] { pass(1 / rules_.per_second); };
    shop_.on_stored = [this](std::int64_t id) { stored(id); };
    plan_.cover({half_year}, std::nullopt);
  }

  // The first minutes, in which the plan adapts, are not counted.
  figures run(double warm_up, double seconds) {
    run_until(warm_up);
    figures_ = {};
    const auto before = shop_.requests();
    run_until(warm_up + seconds);
    figures_.requests = shop_.requests() - before;
    figures_.seconds = seconds;
    figures_.windows = plan_.windows();
    return figures_;
  }

 private:
  check_plan::time_point steady() const {
    return check_plan::time_point{
        std::chrono::duration_cast<check_plan::time_point::duration>(std::chrono::duration<double>(now_ + 1e6))};
  }
  void pass(double seconds) {
    now_ += seconds;
    for (; next_change_ <= now_; next_change_ += every_)
      if (const auto id = shop_.move_one()) changed_[id].push_back(next_change_);
  }
  void stored(std::int64_t id) {
    for (const auto at : changed_[id]) figures_.latencies.push_back(now_ - at);
    changed_.erase(id);
  }
  void run_until(double end) {
    while (now_ < end) {
      const auto w = plan_.next(steady());
      if (!w) {
        pass(1);
        continue;
      }
      count_check check(*w, plan_.offset(), {{1, 2, 3, 4, 8}, 50, plan_.most_requests()});
      const auto result = shop_.perform(check);
      plan_.ended(result, begin + days{180} + std::chrono::seconds{static_cast<int>(now_)}, steady());
      if (plan_.to_cut()) plan_.cut(w->begin + w->length() / 2);
    }
  }

  shop shop_;
  const plan_rules rules_;
  check_plan plan_{rules_};
  const double every_;
  double now_ = 0;
  double next_change_;
  std::map<std::int64_t, std::vector<double>> changed_;
  figures figures_;
};

TEST(recheck_days, a_change_a_second_is_seen_within_90_seconds_at_three_requests_a_second) {
  auto seen = simulated_hours(1, 1).run(300, 1'200);
  RecordProperty("p50", std::to_string(seen.quantile(0.5)));
  RecordProperty("p99", std::to_string(seen.quantile(0.99)));
  RecordProperty("rate", std::to_string(seen.rate()));
  RecordProperty("windows", std::to_string(seen.windows));
  EXPECT_GT(seen.latencies.size(), 1'000U);
  EXPECT_LE(seen.quantile(0.5), 45);
  EXPECT_LE(seen.quantile(0.99), 90);
  EXPECT_LE(seen.rate(), 3);
}

TEST(recheck_days, with_no_change_few_requests_are_sent) {
  const auto seen = simulated_hours(2, 1e-9).run(0, 3'600);
  EXPECT_LE(seen.rate(), 0.1);
  EXPECT_TRUE(seen.latencies.empty());
}

TEST(recheck_days, a_change_a_minute_takes_fewer_requests_than_reading_the_lists) {
  auto seen = simulated_hours(3, 1.0 / 60).run(300, 7'200);
  EXPECT_LE(seen.rate(), 0.6);
  EXPECT_LE(seen.quantile(0.99), 75);
}

}  // namespace
}  // namespace ordersync::sync::recheck
