#include "sync/evidence/evidence.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::evidence {
namespace {

using namespace std::chrono_literals;

constexpr core::instant begun{1'714'500'000'000ms};
const core::second zero{1'714'500'000s};

page showing(std::int64_t total, core::second created, std::int64_t status = 5, std::int64_t id = 7) {
  page p;
  p.total = total;
  auto& order = p.orders.emplace_back();
  order.id = id;
  order.created_at = created;
  order.order_status = status;
  return p;
}

// As after a trial of ten days: an order at each end, a count that adds up, a filter that holds.
struct evidence_of_ten_days : ::testing::Test {
  evidence known;
  const core::window ten_days{zero, zero + 240h};

  void SetUp() override {
    known.shown(ten_days, showing(500, zero, 5, 1), begun);
    known.shown(ten_days, showing(500, zero + 240h - 1s, 1, 2), begun);
    known.count_adds_up(500, begun);
    known.filter_holds(begun);
    known.trial_ended(begun, "");
  }
  std::string doubt(std::chrono::seconds length, std::int64_t total, core::instant now = begun) {
    return known.doubt({zero, zero + length}, total, now);
  }
};

TEST_F(evidence_of_ten_days, holds_for_shorter_ranges_and_smaller_counts_for_a_day) {
  EXPECT_EQ(doubt(24h, 400), "");
  EXPECT_EQ(doubt(24h, 500), "");
  known.filter_holds(begun + 23h);
  known.shown({zero, zero + 1s}, showing(1, zero, 5, 1), begun + 23h);
  EXPECT_EQ(doubt(24h, 400, begun + 23h), "");
  known.filter_holds(begun + 25h);
  known.shown({zero, zero + 1s}, showing(1, zero, 5, 1), begun + 25h);
  EXPECT_NE(doubt(24h, 400, begun + 25h), "") << "a day is over";
}

TEST_F(evidence_of_ten_days, needs_a_finished_order_that_is_known_to_be_shown_every_few_minutes) {
  EXPECT_FALSE(known.filter_trial_due(begun));
  known.filter_holds(begun + 10min);
  EXPECT_TRUE(known.filter_trial_due(begun + 10min)) << "the filter holds, but finished orders may be left out by now";
  EXPECT_NE(doubt(24h, 400, begun + 10min).find("without a status"), std::string::npos);
  known.statuses_tried(ten_days, true, begun);
  EXPECT_NE(doubt(24h, 400, begun + 10min), "") << "sums that were equal say less than an order that is not shown";
  known.shown({zero, zero + 1s}, showing(1, zero, 5, 1), begun + 10min);
  EXPECT_EQ(doubt(24h, 400, begun + 10min), "");
}

TEST_F(evidence_of_ten_days, does_not_hold_for_longer_ranges) {
  EXPECT_NE(doubt(241h, 400).find("confirmed to answer ranges in full up to"), std::string::npos);
  EXPECT_TRUE(known.trial_due(begun + 10s)) << "what was missing is looked for";
}

TEST_F(evidence_of_ten_days, does_not_hold_for_greater_counts) {
  known.shown(ten_days, showing(900, zero), begun);
  EXPECT_EQ(doubt(24h, 800), "") << "a greater count was reported, so counts do not end there";
  EXPECT_NE(doubt(24h, 900).find("confirmed only up to"), std::string::npos);
  EXPECT_EQ(known.take_untried_count()->total, 900);
  known.limits().total = 800;
  EXPECT_NE(doubt(24h, 800).find("counts stop at"), std::string::npos);
}

TEST_F(evidence_of_ten_days, does_not_hold_while_the_filter_fails) {
  known.filter_fails("another zone");
  EXPECT_EQ(doubt(24h, 1), "another zone");
  known.filter_holds(begun + 1s);
  EXPECT_EQ(doubt(24h, 1), "");
}

TEST_F(evidence_of_ten_days, wants_the_filter_tried_every_minute_unless_a_short_window_shows_an_order) {
  EXPECT_FALSE(known.filter_trial_due(begun + 59s));
  EXPECT_TRUE(known.filter_trial_due(begun + 60s));
  known.shown({zero + 10s, zero + 50s}, showing(1, zero + 20s), begun + 60s);
  EXPECT_FALSE(known.filter_trial_due(begun + 119s));
  known.shown({zero, zero + 1h}, showing(1, zero + 1min), begun + 119s);
  EXPECT_TRUE(known.filter_trial_due(begun + 120s)) << "an hour says nothing about a zone";
  known.shown({zero + 10s, zero + 110s}, showing(1, zero + 20s), begun + 119s);
  EXPECT_TRUE(known.filter_trial_due(begun + 120s)) << "its end might have been rounded to the minute";
  EXPECT_NE(doubt(24h, 1, begun + 10min), "");
}

TEST(evidence, an_order_near_a_full_minute_does_not_show_that_times_are_not_rounded_to_minutes) {
  const auto second = [](std::int64_t past) { return core::window{zero + past * 1s, zero + (past + 1) * 1s}; };
  ASSERT_EQ(zero.time_since_epoch() % 60s, 0s);
  EXPECT_TRUE(shown_to_be_exact(second(30), second(30)).both());
  EXPECT_FALSE(shown_to_be_exact(second(58), second(58)).end) << "[:57, :60) rounded down ends behind it";
  EXPECT_FALSE(shown_to_be_exact(second(0), second(0)).begin);
  const core::window two_minutes{zero, zero + 110s};
  EXPECT_TRUE(shown_to_be_exact(two_minutes, second(100)).end);
  EXPECT_FALSE(shown_to_be_exact(two_minutes, second(20)).end);
  EXPECT_FALSE(shown_to_be_exact(two_minutes, second(100)).begin);
}

TEST(evidence, of_an_account_without_orders_proves_nothing) {
  evidence known;
  EXPECT_NE(known.doubt({zero, zero + 1h}, 0, begun), "") << "not tried yet";
  known.trial_ended(begun, "");
  EXPECT_NE(known.doubt({zero, zero + 1h}, 0, begun).find("has not returned any order of the account yet"),
            std::string::npos);
}

TEST(evidence, a_finished_order_in_a_list_of_its_status_says_nothing_about_other_lists) {
  evidence known;
  const core::window day{zero, zero + 24h};
  known.shown(day, showing(50, zero, 5, 1), begun, true);
  known.shown(day, showing(50, zero + 24h - 1s, 1, 2), begun);
  known.filter_holds(begun);
  known.trial_ended(begun, "");
  EXPECT_NE(known.doubt({zero, zero + 1h}, 5, begun).find("without a status"), std::string::npos);
  EXPECT_EQ(known.take_untried_ranges().size(), 1u);
  known.statuses_tried(day, false, begun);
  EXPECT_NE(known.doubt({zero, zero + 1h}, 5, begun), "") << "it is to be shown without its status, too";
  known.forget_witness(1);
  EXPECT_EQ(known.doubt({zero, zero + 1h}, 5, begun), "");
  EXPECT_NE(known.doubt({zero - 1h, zero}, 5, begun), "") << "another range";
}

TEST(evidence, trials_that_find_nothing_out_become_rare) {
  evidence known;
  auto now = begun;
  int trials = 0;
  for (int second = 0; second < 24 * 3600; ++second, now += 1s) {
    known.doubt({zero, zero + 1h}, 0, now);
    if (!known.trial_due(now)) continue;
    known.trial_ended(now, "no order was shown");
    ++trials;
  }
  EXPECT_LT(trials, 40);
  EXPECT_GT(trials, 20) << "about one an hour";
}

TEST(evidence, a_page_that_is_too_large_or_too_deep_becomes_a_limit_that_is_tried_again_after_a_day) {
  evidence known;
  known.page_too_large(50, "too large", begun);
  known.page_too_deep(1000, 25, "too deep", begun);
  EXPECT_EQ(known.limits().page_size, 25);
  EXPECT_EQ(known.limits().depth, 500);
  EXPECT_EQ(known.take_learnt().size(), 2u);
  known.retry_old_limits({}, begun + 23h);
  EXPECT_EQ(known.limits().page_size, 25);
  known.retry_old_limits({}, begun + 24h);
  EXPECT_EQ(known.limits(), known_limits{});
  EXPECT_EQ(known.take_learnt().size(), 2u);
}

}  // namespace
}  // namespace ordersync::sync::evidence
