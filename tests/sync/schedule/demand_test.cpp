// What the rate cannot carry.
#include "sync/schedule/demand.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::schedule {
namespace {

using namespace std::chrono_literals;

demand_rules of(std::size_t accounts) {
  return {.accounts = accounts, .rate = 10, .live_every = 10s};
}

std::vector<tier> usual_tiers() {
  return {{2h, 1min}, {72h, 15min}, {720h, 6h}, {4320h, 168h}};
}

TEST(demand, leaves_live_windows_their_pace_where_the_rate_carries_them) {
  const auto is = demand_of(of(100));
  EXPECT_DOUBLE_EQ(is.live, 10);
  EXPECT_TRUE(is.carries_live());
  EXPECT_DOUBLE_EQ(is.live_period.count(), 10);
  EXPECT_DOUBLE_EQ(is.revisit_stretch, 1);
}

TEST(demand, stretches_the_pace_of_live_windows_by_what_is_missing) {
  const auto is = demand_of(of(200));
  EXPECT_DOUBLE_EQ(is.live, 20);
  EXPECT_FALSE(is.carries_live());
  EXPECT_DOUBLE_EQ(is.live_period.count(), 20);
}

TEST(demand, counts_what_a_live_window_costs_but_one_request_at_least) {
  auto rules = of(200);
  rules.live_requests = 1.5;
  EXPECT_DOUBLE_EQ(demand_of(rules).live_period.count(), 30);
  rules.live_requests = 0.5;
  EXPECT_DOUBLE_EQ(demand_of(rules).live_period.count(), 20);
}

TEST(demand, counts_what_is_kept_for_those_that_wait_behind_live_windows) {
  auto rules = of(200);
  rules.tiers = usual_tiers();
  rules.recheck_share = 0.3;
  rules.audit_share = 0.02;
  const auto is = demand_of(rules);
  EXPECT_NEAR(is.reserved, 10.0 / 15 + 0.2, 1e-9);
  EXPECT_NEAR(is.live_period.count(), 200 / (10 - is.reserved), 1e-9);
  EXPECT_NEAR(is.revisits, 200 * (6.0 / 60 + 90.0 / 900 + 256.0 / 21'600 + 256.0 / 604'800), 1e-9);
  EXPECT_NEAR(is.revisit_stretch, (is.revisits + 3) / (10.0 / 15), 1e-9);
}

TEST(demand, says_where_only_revisits_come_late) {
  auto rules = of(30);
  rules.tiers = usual_tiers();
  rules.recheck_share = 0.3;
  const auto is = demand_of(rules);
  EXPECT_TRUE(is.carries_live());
  EXPECT_DOUBLE_EQ(is.live_period.count(), 10);
  EXPECT_FALSE(is.carries_revisits());
  EXPECT_NEAR(is.revisit_stretch, (is.revisits + 3) / 7, 1e-9);
}

TEST(demand, misses_nothing_with_one_account_and_the_usual_settings) {
  auto rules = of(1);
  rules.tiers = usual_tiers();
  rules.recheck_share = 0.3;
  rules.audit_share = 0.02;
  EXPECT_TRUE(demand_of(rules).carries_live());
  EXPECT_TRUE(demand_of(rules).carries_revisits());
}

}  // namespace
}  // namespace ordersync::sync::schedule
