#include "sync/rate_budget.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync {
namespace {

using namespace std::chrono_literals;
using point = rate_budget::clock::time_point;

const point start{1000h};

// Sends as soon as it may; how long that took.
rate_budget::clock::duration wait_for(rate_budget& budget, point now) {
  const auto ready = budget.ready_at(now);
  budget.spend(ready);
  return ready - now;
}

TEST(rate_budget, nothing_leaves_before_it_is_ready) {
  rate_budget budget(10, 1);
  budget.spend(start);
  EXPECT_THROW(budget.spend(start + 50ms), std::logic_error);
  EXPECT_EQ(budget.ready_at(start), start + 100ms);
}

TEST(rate_budget, lets_a_burst_go_and_then_one_at_a_time) {
  rate_budget budget(10, 3);
  EXPECT_EQ(wait_for(budget, start), 0ms);
  EXPECT_EQ(wait_for(budget, start), 0ms);
  EXPECT_EQ(wait_for(budget, start), 0ms);
  EXPECT_EQ(wait_for(budget, start), 100ms);
  EXPECT_EQ(wait_for(budget, start), 200ms);
}

TEST(rate_budget, does_not_save_up_more_than_a_burst) {
  rate_budget budget(10, 2);
  wait_for(budget, start);
  const auto later = start + 1h;
  EXPECT_EQ(wait_for(budget, later), 0ms);
  EXPECT_EQ(wait_for(budget, later), 0ms);
  EXPECT_EQ(wait_for(budget, later), 100ms);
}

TEST(rate_budget, never_lets_more_go_than_the_rate_in_any_stretch) {
  rate_budget budget(50, 4);
  auto now = start;
  int sent = 0;
  while (now < start + 10s) {
    const auto wait = wait_for(budget, now);
    now += wait;
    ++sent;
  }
  EXPECT_LE(sent, 50 * 10 + 4);
  EXPECT_GE(sent, 50 * 10 - 1);
}

TEST(rate_budget, holds_everybody_back_when_the_api_says_so) {
  rate_budget budget(10, 4);
  wait_for(budget, start);
  budget.throttled(start, 5s);
  EXPECT_GE(wait_for(budget, start), 5s);
  EXPECT_GE(wait_for(budget, start + 1s), 4s);
}

TEST(rate_budget, halves_once_for_requests_refused_together_and_grows_back) {
  rate_budget budget(10, 4);
  budget.throttled(start, 1s);
  budget.throttled(start + 10ms, 1s);
  budget.throttled(start + 20ms, 1s);
  EXPECT_DOUBLE_EQ(budget.per_second(), 5);
  for (int i = 0; i < 100; ++i) budget.succeeded();
  EXPECT_DOUBLE_EQ(budget.per_second(), 10);
}

TEST(rate_budget, keeps_a_floor) {
  rate_budget budget(10, 1);
  for (int i = 0; i < 100; ++i) budget.throttled(start + i * 2s, 1s);
  EXPECT_GE(budget.per_second(), 0.1);
}

}  // namespace
}  // namespace ordersync::sync
