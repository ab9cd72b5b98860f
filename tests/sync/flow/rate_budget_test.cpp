#include "sync/flow/rate_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ordersync::sync::flow {
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

TEST(rate_budget, halves_once_for_requests_refused_together) {
  rate_budget budget(10, 4);
  budget.throttled(start, 1s);
  budget.throttled(start + 10ms, 1s);
  budget.throttled(start + 20s, 1s, start - 1ms);  // it left before and was long on its way
  EXPECT_DOUBLE_EQ(budget.per_second(), 5);
  wait_for(budget, start + 21s);
  wait_for(budget, start + 21s);
  budget.throttled(start + 22s, 1s, start + 21s);
  EXPECT_DOUBLE_EQ(budget.per_second(), 2.5);
}

// Requests that are answered at once, sent as fast as they may be; where `limit` is less than what is sent in a second
// (and a burst of one more), the API refuses.
struct simulated_api {
  rate_budget budget{10, 4};
  double limit = 10;
  int moody = 0;  // every so many requests it refuses one for no reason
  double tokens = 4;
  point now = start;
  int served = 0;
  int refused = 0;

  void run(std::chrono::seconds length) {
    const auto end = now + length;
    while (now < end) {
      const auto at = budget.ready_at(now);
      tokens = std::min(limit / 2 + 1, tokens + limit * std::chrono::duration<double>(at - now).count());
      now = at;
      budget.spend(now);
      const bool mood = moody > 0 && (served + refused + 1) % moody == 0;
      if (tokens >= 1 && !mood) {
        tokens -= 1;
        ++served;
        budget.succeeded(now);
      } else {
        ++refused;
        budget.throttled(now, 100ms, now);
      }
    }
  }
};

TEST(rate_budget, grows_back_when_nothing_is_refused_any_more) {
  simulated_api api;
  api.limit = 3;
  api.run(60s);
  api.limit = 100;
  api.refused = 0;
  api.run(20min);
  EXPECT_EQ(api.refused, 0);
  EXPECT_DOUBLE_EQ(api.budget.per_second(), 10);
}

TEST(rate_budget, finds_a_limit_and_seldom_tries_to_go_beyond_it) {
  for (const double limit : {0.7, 2.0, 5.0, 7.5, 9.5}) {
    simulated_api api;
    api.limit = limit;
    api.run(1min);
    EXPECT_LE(api.refused, limit < 1 ? 15 : 8) << limit;
    EXPECT_NEAR(api.budget.found_per_second().value(), limit, limit * 0.2);
    api.served = api.refused = 0;
    api.run(60min);
    EXPECT_LE(api.refused, 40) << limit;  // 1,800 with a rate that grows back after each
    EXPECT_GE(api.served, static_cast<int>(limit * 3600 * 0.85)) << limit;
  }
}

// "system busy" now and then, however few requests come.
TEST(rate_budget, moods_of_the_api_do_not_lower_the_rate_for_good) {
  for (const double configured : {10.0, 200.0}) {
    simulated_api api{.budget = rate_budget(configured, 4), .limit = 1000, .moody = 151};
    api.run(10min);
    EXPECT_GE(api.served, static_cast<int>(configured * 600 * 0.8)) << configured;
    EXPECT_GE(api.budget.per_second(), configured * 0.7);
  }
}

TEST(rate_budget, follows_a_limit_that_is_lowered) {
  simulated_api api;
  api.limit = 8;
  api.run(10min);
  api.limit = 2;
  api.served = api.refused = 0;
  api.run(10min);
  EXPECT_LE(api.refused, 20);
  EXPECT_GE(api.served, 1000);
}

TEST(rate_budget, what_nobody_came_near_to_is_forgotten) {
  rate_budget budget(10, 4);
  budget.throttled(start, 0s);
  for (auto now = start + 1min; now < start + 2h; now += 1min) {
    budget.spend(now);
    budget.succeeded(now + 100ms);
  }
  EXPECT_DOUBLE_EQ(budget.per_second(), 10);
}

TEST(rate_budget, without_a_refusal_no_rate_was_found) {
  simulated_api api;
  api.limit = 20;
  api.run(1min);
  EXPECT_EQ(api.budget.found_per_second(), std::nullopt);
  EXPECT_DOUBLE_EQ(api.budget.per_second(), 10);
}

TEST(rate_budget, a_rate_that_is_not_used_teaches_nothing) {
  rate_budget budget(10, 4);
  budget.throttled(start, 0s);
  for (auto now = start + 1min; now < start + 20min; now += 1min) {
    budget.spend(now);
    budget.succeeded(now + 100ms);
  }
  EXPECT_EQ(budget.found_per_second(), 5);
  EXPECT_LT(budget.per_second(), 9);
}

TEST(rate_budget, a_slice_takes_the_place_of_the_rate_until_it_ends) {
  rate_budget budget(10, 4);
  budget.allow(start, 2, start + 10s);
  budget.spend(start);
  EXPECT_EQ(budget.ready_at(start), start + 500ms) << "a slice this small has no burst";
  for (auto now = start; now < start + 10s; now = budget.ready_at(now + 1ms)) {
    if (budget.ready_at(now) == now) budget.spend(now);
  }
  EXPECT_EQ(budget.ready_at(start + 10s), rate_budget::clock::time_point::max());
  budget.allow(start + 20s, 5, start + 30s);
  EXPECT_LE(budget.ready_at(start + 20s), start + 20s + 200ms);
  budget.allow(start + 20s, 0, start + 30s);
  EXPECT_EQ(budget.ready_at(start + 20s), rate_budget::clock::time_point::max());
}

// How many may leave at once.
int at_once(rate_budget& budget, rate_budget::clock::time_point now) {
  int count = 0;
  for (; budget.ready_at(now) == now; ++count) budget.spend(now);
  return count;
}

TEST(rate_budget, a_slice_begins_with_nothing_saved_up_and_begins_anew_when_it_has_ended) {
  rate_budget budget(10, 4);
  budget.allow(start, 0, {});
  for (const auto begin : {start, start + 100s}) {
    budget.allow(begin, 10, begin + 10s);
    EXPECT_EQ(budget.ready_at(begin), begin + 100ms);
    EXPECT_EQ(at_once(budget, begin + 9s), 4);
  }
}

TEST(rate_budget, those_who_share_save_up_no_more_together_than_one_alone) {
  rate_budget half(10, 8), rest(10, 8), small(10, 8);
  half.allow(start, 5, start + 100s, 3);
  rest.allow(start, 4.6, start + 100s, 3);
  small.allow(start, 0.4, start + 100s, 3);
  EXPECT_EQ(at_once(half, start + 99s), 3);
  EXPECT_EQ(at_once(rest, start + 99s), 3);
  EXPECT_EQ(at_once(small, start + 99s), 1);
}

TEST(rate_budget, a_slice_that_grows_has_no_more_saved_up_than_a_request) {
  rate_budget budget(10, 4);
  budget.allow(start, 5, start + 100s, 2);
  budget.spend(start);
  budget.allow(start + 10s, 10, start + 100s, 2);
  EXPECT_EQ(at_once(budget, start + 10s), 1);
  budget.allow(start + 20s, 10, start + 100s, 1);
  EXPECT_EQ(at_once(budget, start + 20s), 1);
}

TEST(rate_budget, of_a_slice_that_shrinks_the_share_of_the_next_request_that_is_saved_up_stays_the_same) {
  rate_budget budget(10, 1);
  budget.spend(start);
  budget.allow(start + 75ms, 1, start + 100s);
  EXPECT_EQ(budget.ready_at(start + 75ms), start + 325ms);
  budget.throttled(start + 100ms, 30s);
  budget.allow(start + 100ms, 0.5, start + 100s);
  EXPECT_EQ(budget.ready_at(start + 100ms), start + 30s + 100ms) << "the API's wait is no longer for that";
}

TEST(rate_budget, a_limit_that_was_found_is_scaled_with_the_slice) {
  rate_budget budget(10, 1);
  budget.throttled(start, 0s);
  EXPECT_EQ(budget.found_per_second(), 5);
  budget.allow(start, 4, start + 10s);
  EXPECT_EQ(budget.found_per_second(), 2);
  EXPECT_EQ(budget.per_second(), 2);
  budget.allow(start, 10, start + 10s);
  EXPECT_EQ(budget.found_per_second(), 5);
}

TEST(rate_budget, keeps_a_floor) {
  rate_budget budget(10, 1);
  for (int i = 0; i < 100; ++i) budget.throttled(start + i * 2s, 1s);
  EXPECT_GE(budget.per_second(), 0.1);
}

}  // namespace
}  // namespace ordersync::sync::flow
