#include "sync/recheck/check_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::sync::recheck {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr core::second begin{1'700'000'000s};
const core::window half_year{begin, begin + days{180}};
constexpr check_plan::time_point start{1h};
const check_result equal{.equal = true, .settled = true};
const check_result large{.too_large = true};

class plan_test : public testing::Test {
 protected:
  void SetUp() override { plan.cover({half_year}, std::nullopt); }
  // Checks what is due until nothing is, at this moment.
  int check_all(const check_result& result) {
    int checks = 0;
    while (plan.next(now)) {
      plan.ended(result, begin + days{180} + std::chrono::seconds{checks}, now);
      ++checks;
    }
    return checks;
  }
  void cut_in_hand() {
    const auto w = *plan.next(now);
    plan.ended(large, begin + days{180}, now);
    ASSERT_TRUE(plan.to_cut());
    plan.cut(w.begin + w.length() / 2);
  }

  check_plan plan{{}};
  check_plan::time_point now = start;
};

TEST_F(plan_test, begins_with_one_window_and_checks_it_once_a_period) {
  EXPECT_EQ(check_all(equal), 1);
  EXPECT_EQ(plan.due(), now + 60s);
  now += 59s;
  EXPECT_EQ(check_all(equal), 0);
  now += 1s;
  EXPECT_EQ(check_all(equal), 1);
  EXPECT_EQ(plan.round(), 60s);
}

TEST_F(plan_test, cuts_a_window_whose_search_takes_long_and_checks_both_parts_at_once) {
  cut_in_hand();
  EXPECT_EQ(plan.windows(), 2U);
  EXPECT_EQ(check_all(equal), 2);
}

TEST_F(plan_test, has_no_more_windows_than_half_of_the_budget_can_check) {
  while (const auto w = plan.next(now)) {
    const bool may_be_cut = plan.most_requests() > 0;
    plan.ended(may_be_cut ? large : equal, begin, now);
    if (plan.to_cut()) plan.cut(w->begin + w->length() / 2);
  }
  EXPECT_EQ(plan.windows(), 18U);  // 3 requests a second for 60 s, half of it, 5 for each
}

TEST_F(plan_test, cuts_no_window_while_its_round_is_late) {
  check_all(equal);
  now += 90s;
  ASSERT_TRUE(plan.next(now));
  EXPECT_EQ(plan.most_requests(), 0);
}

TEST_F(plan_test, joins_neighbours_that_have_been_quiet) {
  cut_in_hand();
  for (int i = 0; i < 5; ++i, now += 60s) check_all(equal);
  EXPECT_EQ(plan.windows(), 1U);
}

TEST_F(plan_test, keeps_windows_within_the_longest_range) {
  plan.cover({half_year}, days{31});
  EXPECT_EQ(plan.windows(), 6U);
  for (int i = 0; i < 20; ++i, now += 60s) check_all(equal);
  EXPECT_EQ(plan.windows(), 6U);
}

TEST_F(plan_test, keeps_its_windows_while_the_ends_of_what_is_proven_move) {
  cut_in_hand();
  check_all(equal);
  plan.cover({{begin + 1h, half_year.end + 2h}}, std::nullopt);
  EXPECT_EQ(plan.windows(), 2U);
  EXPECT_EQ(check_all(equal), 1);  // the one that has gained time
}

TEST_F(plan_test, time_whose_proof_fell_is_not_checked) {
  plan.cover({{begin, begin + days{10}}, {begin + days{20}, begin + days{180}}}, std::nullopt);
  EXPECT_EQ(plan.windows(), 2U);
  plan.cover({half_year}, std::nullopt);
  EXPECT_EQ(check_all(equal), 2);
  EXPECT_EQ(plan.windows(), 2U);
  plan.cover({}, std::nullopt);
  EXPECT_EQ(plan.windows(), 0U);
  EXPECT_EQ(plan.due(), std::nullopt);
}

TEST_F(plan_test, knows_since_when_nothing_has_changed_unseen) {
  EXPECT_EQ(plan.oldest_checked(), std::nullopt);
  plan.next(now);
  plan.ended(equal, begin + days{180}, now);
  EXPECT_EQ(plan.oldest_checked(), begin + days{180});
  now += 60s;
  plan.next(now);
  plan.ended({}, begin + days{181}, now);  // something is left that differs
  EXPECT_EQ(plan.oldest_checked(), begin + days{180});
}

TEST_F(plan_test, an_order_that_no_check_explains_for_two_minutes_contradicts_the_lists) {
  check_result suspicious;
  suspicious.suspects = {7};
  for (const auto& [after, contradicted] : {std::pair{0s, false}, std::pair{60s, false}, std::pair{60s, true}}) {
    now += after;
    ASSERT_TRUE(plan.next(now));
    plan.ended(suspicious, begin, now);
    EXPECT_EQ(plan.contradicted(), contradicted);
  }
}

TEST_F(plan_test, another_suspect_each_time_contradicts_nothing) {
  for (std::int64_t id = 1; id < 9; ++id, now += 60s) {
    check_result suspicious;
    suspicious.suspects = {id, id + 1};
    ASSERT_TRUE(plan.next(now));
    plan.ended(suspicious, begin, now);
  }
  EXPECT_FALSE(plan.contradicted());
}

TEST_F(plan_test, a_check_that_was_not_finished_is_due_again_soon) {
  plan.next(now);
  plan.dropped(now);
  EXPECT_EQ(check_all(equal), 0);
  now += 5s;
  EXPECT_EQ(check_all(equal), 1);
}

TEST_F(plan_test, after_an_interruption_everything_is_due_and_no_round_was_late) {
  check_all(equal);
  now += 60s;
  check_all(equal);
  now += 2h;
  plan.interrupted();
  EXPECT_EQ(check_all(equal), 1);
  EXPECT_EQ(plan.round(), std::nullopt);
}

TEST_F(plan_test, an_offset_is_forgotten_when_the_ends_of_its_window_move) {
  plan.next(now);
  check_result result{.settled = true};
  result.offset = {{2, 1}};
  plan.ended(result, begin, now);
  plan.cover({{begin, half_year.end + 60s}}, std::nullopt);
  ASSERT_TRUE(plan.next(now));  // what it has gained was never checked
  EXPECT_EQ(plan.offset(), status_counts{});
  EXPECT_EQ(plan.oldest_checked(), std::nullopt);
}

TEST_F(plan_test, a_learnt_offset_is_given_back_with_its_window) {
  plan.next(now);
  check_result result;
  result.offset = {{2, 1}};
  plan.ended(result, begin, now);
  now += 60s;
  plan.next(now);
  EXPECT_EQ(plan.offset(), (status_counts{{2, 1}}));
}

}  // namespace
}  // namespace ordersync::sync::recheck
