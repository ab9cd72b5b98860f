#include "push/queue.hpp"

#include "simulator/asking.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace pandapon_sim::testing {
namespace {

event change_of(entry which, epoch_ms at = noon) {
  return {at, which, 1, happening::changed, 1};
}

std::vector<push_item> take_all(push_queue& queue, epoch_ms now) {
  std::vector<push_item> out;
  while (const auto item = queue.take(now)) out.push_back(*item);
  return out;
}

/// Of 1000 messages about orders 0 to 999.
std::vector<push_item> of_a_thousand(const push_rules& rules, epoch_ms now, push_counters* counted = nullptr) {
  push_queue queue(rules, 1);
  for (entry which = 0; which < 1000; ++which) queue.add(change_of(which), 0);
  const auto out = take_all(queue, now);
  if (counted != nullptr) *counted = queue.counters();
  return out;
}

TEST(push_queue, gives_messages_out_in_their_order_once_they_are_due) {
  push_queue queue({}, 1);
  queue.add(change_of(1), 0);
  queue.add(change_of(2), 3);
  queue.add(change_of(3, noon + 10), 0);
  EXPECT_FALSE(queue.take(noon - 1));
  const auto due = take_all(queue, noon);
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].about.which, 1U);
  EXPECT_EQ(due[1].about.which, 2U);
  EXPECT_EQ(due[1].account, 3U);
  EXPECT_EQ(take_all(queue, noon + 10).size(), 1U);
  EXPECT_EQ(queue.counters().pushed, 3U);
  EXPECT_EQ(queue.counters().waiting, 3U);
}

TEST(push_queue, is_done_with_what_was_acknowledged) {
  push_queue queue({}, 1);
  queue.add(change_of(1), 0);
  queue.answered(queue.take(noon).value(), 200, noon);
  EXPECT_EQ(queue.counters().acknowledged, 1U);
  EXPECT_EQ(queue.counters().waiting, 0U);
  EXPECT_FALSE(queue.take(noon + 86'400'000));
}

TEST(push_queue, sends_a_message_again_until_it_has_come_often_enough) {
  push_rules rules;
  rules.tries = 2;
  push_queue queue(rules, 1);
  queue.add(change_of(1), 0);
  epoch_ms now = noon;
  for (const unsigned status : {0U, 503U}) {
    queue.answered(queue.take(now).value(), status, now);
    EXPECT_FALSE(queue.take(now + rules.retry_ms - 1));
    now += rules.retry_ms;
  }
  EXPECT_EQ(queue.counters().waiting, 1U);
  queue.answered(queue.take(now).value(), 401, now);
  EXPECT_FALSE(queue.take(now + rules.retry_ms));
  EXPECT_EQ(queue.counters().unanswered, 1U);
  EXPECT_EQ(queue.counters().refused, 2U);
  EXPECT_EQ(queue.counters().retried, 2U);
  EXPECT_EQ(queue.counters().given_up, 1U);
  EXPECT_EQ(queue.counters().waiting, 0U);
  EXPECT_EQ(queue.counters().pushed, 1U);
}

TEST(push_queue, comes_again_after_half_an_hour_five_times_by_default) {
  push_queue queue({}, 1);
  queue.add(change_of(1), 0);
  int sent = 0;
  for (epoch_ms now = noon; now < noon + 86'400'000; now += 60'000)
    while (const auto item = queue.take(now)) {
      EXPECT_EQ(now, noon + sent * 1'800'000LL);
      queue.answered(*item, 500, now);
      ++sent;
    }
  EXPECT_EQ(sent, 6);
}

TEST(push_queue, loses_a_share) {
  push_rules rules;
  rules.lose = 3000;
  push_counters counted;
  const auto sent = of_a_thousand(rules, noon, &counted);
  EXPECT_GT(sent.size(), 630U);
  EXPECT_LT(sent.size(), 770U);
  EXPECT_EQ(counted.lost_on_purpose, 1000 - sent.size());
  EXPECT_EQ(counted.pushed, sent.size());
}

TEST(push_queue, doubles_a_share) {
  push_rules rules;
  rules.twice = 2000;
  push_counters counted;
  const auto sent = of_a_thousand(rules, noon, &counted);
  EXPECT_GT(sent.size(), 1140U);
  EXPECT_LT(sent.size(), 1260U);
  EXPECT_EQ(counted.pushed, sent.size());
}

TEST(push_queue, delays_a_share_by_up_to_the_given_time) {
  push_rules rules;
  rules.late = 4000;
  rules.late_ms = 2000;
  const auto at_once = of_a_thousand(rules, noon);
  EXPECT_GT(at_once.size(), 530U);
  EXPECT_LT(at_once.size(), 670U);
  const auto half = of_a_thousand(rules, noon + 1000);
  EXPECT_GT(half.size(), 740U);
  EXPECT_LT(half.size(), 860U);
  EXPECT_EQ(of_a_thousand(rules, noon + 2000).size(), 1000U);
}

TEST(push_queue, spoils_the_signature_of_a_share_for_good) {
  push_rules rules;
  rules.wrong = 10'000;
  push_queue queue(rules, 1);
  queue.add(change_of(1), 0);
  const auto first = queue.take(noon);
  ASSERT_TRUE(first && first->wrong);
  queue.answered(*first, 401, noon);
  EXPECT_TRUE(queue.take(noon + rules.retry_ms).value().wrong);
}

TEST(push_queue, does_not_repeat_a_verification_nor_count_it_as_a_message) {
  push_queue queue({}, 1);
  queue.add_verification(noon);
  const auto first = queue.take(noon);
  ASSERT_TRUE(first && first->verification);
  queue.answered(*first, 0, noon);
  EXPECT_FALSE(queue.take(noon + 86'400'000));
  queue.add_verification(noon);
  queue.answered(queue.take(noon).value(), 200, noon);
  EXPECT_EQ(queue.counters().verified, 1U);
  EXPECT_EQ(queue.counters().unanswered, 1U);
  EXPECT_EQ(queue.counters().pushed, 0U);
}

}  // namespace
}  // namespace pandapon_sim::testing
