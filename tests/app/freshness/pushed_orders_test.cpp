#include "app/freshness/pushed_orders.hpp"

#include <gmock/gmock.h>

namespace ordersync::app::freshness {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

struct pushed_orders_test : ::testing::Test {
  pushed_orders orders;
  pushed_orders::time_point now{1h};

  void message(std::int64_t id, const std::string& order = "7", const std::string& no = "") {
    orders.add({id, {order, no}}, now);
  }
  std::vector<std::string> take(std::size_t most = 100) {
    std::vector<std::string> keys;
    for (const auto& one : orders.take(now, most)) keys.push_back(one.key);
    return keys;
  }
};

TEST_F(pushed_orders_test, messages_of_one_order_that_come_together_are_one_read) {
  for (std::int64_t id = 1; id <= 100; ++id) message(id);
  EXPECT_THAT(take(), IsEmpty());
  now += 100ms;
  EXPECT_EQ(orders.next(), now);
  EXPECT_THAT(take(), ElementsAre("id 7"));
  EXPECT_EQ(orders.found("id 7").size(), 100U);
  EXPECT_FALSE(orders.next());
}

TEST_F(pushed_orders_test, an_order_is_read_once_in_two_seconds_and_its_last_message_is_never_passed_over) {
  message(1);
  now += 100ms;
  const auto first = now;
  EXPECT_THAT(take(), ElementsAre("id 7"));
  EXPECT_THAT(orders.found("id 7"), ElementsAre(1));
  for (std::int64_t id = 2; id <= 9; ++id) {
    now += 200ms;
    message(id);
    EXPECT_THAT(take(), IsEmpty());
  }
  EXPECT_EQ(orders.next(), first + 2s);
  now = first + 2s;
  EXPECT_THAT(take(), ElementsAre("id 7"));
  EXPECT_THAT(orders.found("id 7"), ElementsAre(2, 3, 4, 5, 6, 7, 8, 9));
}

TEST_F(pushed_orders_test, a_message_that_comes_during_a_read_is_answered_by_the_next_one) {
  message(1);
  now += 100ms;
  EXPECT_THAT(take(), ElementsAre("id 7"));
  message(2);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(orders.found("id 7"), ElementsAre(1));
  now += 2s;
  EXPECT_THAT(take(), ElementsAre("id 7"));
  EXPECT_THAT(orders.found("id 7"), ElementsAre(2));
}

TEST_F(pushed_orders_test, an_order_that_is_not_shown_is_tried_again_after_2_10_and_60_seconds) {
  message(1);
  now += 100ms;
  for (const auto pause : {2s, 10s, 60s}) {
    EXPECT_THAT(take(), ElementsAre("id 7"));
    EXPECT_THAT(orders.not_shown("id 7", now), IsEmpty());
    EXPECT_EQ(orders.next(), now + pause);
    now += pause;
  }
  EXPECT_THAT(take(), ElementsAre("id 7"));
  EXPECT_THAT(orders.not_shown("id 7", now), ElementsAre(1));
  EXPECT_FALSE(orders.next());
}

TEST_F(pushed_orders_test, a_new_message_about_an_order_that_was_not_shown_has_it_read_soon) {
  message(1);
  now += 100ms;
  take();
  EXPECT_THAT(orders.not_shown("id 7", now), IsEmpty());
  now += 2s;
  take();
  EXPECT_THAT(orders.not_shown("id 7", now), IsEmpty());
  message(2);
  EXPECT_EQ(orders.next(), now + 2s) << "and not after ten";
}

TEST_F(pushed_orders_test, an_order_that_fails_alone_rests_longer_each_time_and_is_given_up) {
  message(1);
  now += 100ms;
  for (const auto rest : {5s, 10s, 20s, 40s, 80s}) {
    EXPECT_THAT(take(), ElementsAre("id 7"));
    EXPECT_THAT(orders.failed("id 7", now), IsEmpty());
    EXPECT_EQ(orders.next(), now + rest);
    message(2);
    EXPECT_EQ(orders.next(), now + rest) << "more messages wait with it";
    now += rest;
  }
  EXPECT_THAT(take(), ElementsAre("id 7"));
  EXPECT_THAT(orders.failed("id 7", now), ElementsAre(1, 2, 2, 2, 2, 2));
  EXPECT_FALSE(orders.next());
}

TEST_F(pushed_orders_test, what_is_outdated_is_read_again_soon_and_without_end) {
  message(1);
  now += 100ms;
  for (const auto pause : {2s, 4s, 8s}) {
    EXPECT_THAT(take(), ElementsAre("id 7"));
    orders.outdated("id 7", now);
    EXPECT_EQ(orders.next(), now + pause);
    now += pause;
  }
  for (int i = 0; i < 100; ++i, now += 10min) {
    EXPECT_THAT(take(), ElementsAre("id 7"));
    orders.outdated("id 7", now);
  }
  EXPECT_THAT(orders.messages(), ElementsAre(1));
}

TEST_F(pushed_orders_test, what_was_not_read_waits_for_as_long_as_it_is_told) {
  message(1);
  now += 100ms;
  take();
  orders.put_back("id 7", now + 5s);
  EXPECT_EQ(orders.next(), now + 5s);
  now += 5s;
  EXPECT_THAT(take(), ElementsAre("id 7"));
  EXPECT_THAT(orders.found("id 7"), ElementsAre(1));
}

TEST_F(pushed_orders_test, the_longest_due_go_first) {
  message(1, "1");
  now += 10ms;
  message(2, "2");
  now += 10ms;
  message(3, "", "PO-3");
  now += 1s;
  EXPECT_THAT(take(2), ElementsAre("id 1", "id 2"));
  EXPECT_THAT(take(2), ElementsAre("no PO-3"));
}

TEST_F(pushed_orders_test, a_flood_takes_bounded_memory) {
  std::int64_t id = 0;
  for (; orders.room() > 0; ++id) message(id, std::to_string(id));
  EXPECT_EQ(orders.orders(), pushed_orders::most_orders);
  for (; id > 0; --id) {
    now += 100ms;
    for (const auto& key : take()) orders.found(key);
  }
  now += 2s;
  take();
  EXPECT_EQ(orders.orders(), 0U) << "and all of it is given back";
  for (id = 0; orders.room() > 0; ++id) message(id);
  EXPECT_EQ(static_cast<std::size_t>(id), pushed_orders::most_messages);
}

}  // namespace
}  // namespace ordersync::app::freshness
