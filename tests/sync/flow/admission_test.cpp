#include "sync/flow/admission.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace ordersync::sync::flow {
namespace {

using namespace std::chrono_literals;
using point = admission::clock::time_point;

constexpr point start{1000h};
constexpr admission_rules wide{1000, 1000, 1000};

TEST(admission, lets_the_urgent_go_first) {
  admission gate(wide);
  const auto backfill = gate.ask(urgency::backfill, "a");
  const auto revisit = gate.ask(urgency::revisit, "a");
  const auto live = gate.ask(urgency::live, "a");
  EXPECT_EQ(gate.admit(start), live);
  EXPECT_EQ(gate.admit(start), revisit);
  EXPECT_EQ(gate.admit(start), backfill);
  EXPECT_EQ(gate.admit(start), std::nullopt);
}

TEST(admission, reports_how_much_of_what_is_allowed_is_used) {
  admission gate({10, 5, 2});
  gate.ask(urgency::live, "a");
  const auto second = gate.ask(urgency::revisit, "a");
  gate.ask(urgency::backfill, "a");
  gate.ask(urgency::backfill, "b");
  while (gate.admit(start)) {
  }
  auto load = gate.load();
  EXPECT_EQ(load.in_flight, 2);
  EXPECT_EQ(load.in_flight_limit, 2);
  EXPECT_EQ(load.waiting, (std::array<std::size_t, 3>{0, 0, 2}));
  gate.leave(second);
  gate.throttled("a", start, 1s);
  load = gate.load();
  EXPECT_EQ(load.in_flight, 1);
  EXPECT_EQ(load.configured_per_second, 10);
  EXPECT_LT(load.allowed_per_second, 10);
}

TEST(admission, gives_every_class_that_waits_one_of_sixteen_turns) {
  admission gate({1000, 1000, 1});
  std::map<admission::ticket, urgency> asked;
  const auto ask = [&](urgency how) { asked[gate.ask(how, "a")] = how; };
  for (const auto how : {urgency::live, urgency::revisit, urgency::backfill}) ask(how);
  std::array<int, 3> since{};
  std::array<int, 3> grants{};
  for (int i = 0; i < 1600; ++i) {
    const auto t = gate.admit(start + i * 1ms);
    ASSERT_TRUE(t);
    const auto how = asked.at(*t);
    for (auto& n : since) ASSERT_LT(++n, 17);
    since[static_cast<std::size_t>(how)] = 0;
    ++grants[static_cast<std::size_t>(how)];
    gate.leave(*t);
    ask(how);
  }
  EXPECT_GT(grants[0], 1300);
  EXPECT_GE(grants[1], 100);
  EXPECT_GE(grants[2], 100);
}

TEST(admission, shares_a_class_evenly_between_accounts) {
  admission gate({1000, 1000, 1});
  std::map<admission::ticket, std::string> asked;
  std::map<std::string, int> grants;
  // The first account asks for a hundred pages at once, the others for one at a time.
  for (int i = 0; i < 100; ++i) asked[gate.ask(urgency::backfill, "a")] = "a";
  for (const auto* name : {"b", "c"}) asked[gate.ask(urgency::backfill, name)] = name;
  for (int i = 0; i < 90; ++i) {
    const auto t = gate.admit(start);
    ASSERT_TRUE(t);
    const auto name = asked.at(*t);
    ++grants[name];
    gate.leave(*t);
    if (name != "a") asked[gate.ask(urgency::backfill, name)] = name;
  }
  EXPECT_EQ(grants, (std::map<std::string, int>{{"a", 30}, {"b", 30}, {"c", 30}}));
}

TEST(admission, keeps_to_the_places_in_flight) {
  admission gate({1000, 1000, 2});
  for (int i = 0; i < 3; ++i) gate.ask(urgency::live, "a");
  const auto first = gate.admit(start);
  ASSERT_TRUE(first);
  EXPECT_TRUE(gate.admit(start));
  EXPECT_FALSE(gate.admit(start));
  EXPECT_FALSE(gate.look_again(start));  // no alarm helps, only a place
  gate.leave(*first);
  gate.leave(*first);  // ignored
  EXPECT_TRUE(gate.admit(start));
  EXPECT_FALSE(gate.admit(start));
}

TEST(admission, keeps_to_the_rate_and_says_when_to_look_again) {
  admission gate({10, 1, 100});
  for (int i = 0; i < 5; ++i) gate.ask(urgency::live, "a");
  EXPECT_TRUE(gate.admit(start));
  EXPECT_FALSE(gate.admit(start));
  ASSERT_EQ(gate.look_again(start), start + 100ms);
  EXPECT_FALSE(gate.admit(start + 99ms));
  EXPECT_TRUE(gate.admit(start + 100ms));
}

TEST(admission, has_nothing_to_look_for_when_nobody_waits) {
  admission gate({10, 1, 100});
  const auto t = gate.ask(urgency::live, "a");
  EXPECT_TRUE(gate.look_again(start));
  gate.leave(t);
  EXPECT_FALSE(gate.look_again(start));
  EXPECT_FALSE(gate.admit(start));
}

TEST(admission, gives_a_failing_account_one_place_until_it_succeeds) {
  admission gate({1000, 1000, 8});
  gate.failed("a");
  for (int i = 0; i < 4; ++i) gate.ask(urgency::backfill, "a");
  const auto probe = gate.admit(start);
  ASSERT_TRUE(probe);
  EXPECT_FALSE(gate.admit(start));
  gate.succeeded("a", start);
  EXPECT_TRUE(gate.admit(start));
  gate.failed("a");
  EXPECT_FALSE(gate.admit(start));
}

TEST(admission, leaves_half_of_the_places_to_accounts_that_are_well) {
  admission gate({1000, 1000, 4});
  std::vector<std::string> failing{"a", "b", "c", "d"};
  for (const auto& name : failing) {
    gate.failed(name);
    gate.ask(urgency::live, name);
  }
  EXPECT_TRUE(gate.admit(start));
  EXPECT_TRUE(gate.admit(start));
  EXPECT_FALSE(gate.admit(start));
  const auto well = gate.ask(urgency::backfill, "well");
  EXPECT_EQ(gate.admit(start), well);
}

TEST(admission, lets_a_failing_account_try_even_where_there_is_one_place) {
  admission gate({1000, 1000, 1});
  gate.failed("a");
  gate.ask(urgency::live, "a");
  EXPECT_TRUE(gate.admit(start));
}

TEST(admission, holds_everybody_back_at_the_first_refusal_for_the_rate) {
  admission gate({10, 10, 10});
  gate.ask(urgency::live, "a");
  gate.ask(urgency::live, "b");
  gate.throttled("a", start, 5s);
  EXPECT_FALSE(gate.admit(start + 4s));
  EXPECT_DOUBLE_EQ(gate.per_second(), 5);
  EXPECT_EQ(gate.look_again(start + 4s), start + 5s);
  EXPECT_TRUE(gate.admit(start + 5s));
}

TEST(admission, leaves_the_others_alone_when_the_limit_is_one_accounts_own) {
  admission gate({10, 10, 10});
  gate.throttled("a", start, 5s);
  const auto lowered = gate.per_second();
  gate.succeeded("b", start + 9s);
  gate.throttled("a", start + 10s, 60s);
  EXPECT_GE(gate.per_second(), lowered);
  gate.ask(urgency::live, "a");
  const auto other = gate.ask(urgency::backfill, "b");
  EXPECT_EQ(gate.admit(start + 20s), other);
  EXPECT_FALSE(gate.admit(start + 20s));
  EXPECT_EQ(gate.look_again(start + 20s), start + 70s);
}

TEST(admission, reports_the_rate_that_was_found) {
  admission gate({10, 1, 10});
  EXPECT_EQ(gate.load().found_per_second, std::nullopt);
  gate.throttled("a", start, 0s);
  EXPECT_EQ(gate.load().found_per_second, 5);
}

TEST(admission, lets_one_be_alone_when_nothing_is_in_flight_or_was_sent_lately) {
  admission gate({1000, 1000, 10});
  gate.ask(urgency::live, "a");
  const auto before = gate.admit(start);
  ASSERT_TRUE(before);
  const auto alone = gate.ask_alone("a");
  const auto after = gate.ask(urgency::live, "b");
  EXPECT_THROW(gate.ask_alone("b"), std::logic_error);
  EXPECT_FALSE(gate.admit(start + 10s));
  EXPECT_FALSE(gate.look_again(start + 10s));  // only a place helps
  gate.leave(*before);
  EXPECT_FALSE(gate.admit(start + 1s));
  EXPECT_EQ(gate.look_again(start + 1s), start + 2s);
  EXPECT_EQ(gate.admit(start + 2s), alone);
  EXPECT_FALSE(gate.admit(start + 3s));
  gate.leave(alone);
  EXPECT_EQ(gate.admit(start + 3s), after);
}

TEST(admission, goes_on_when_the_one_that_wanted_to_be_alone_leaves) {
  admission gate({1000, 1000, 10});
  const auto alone = gate.ask_alone("a");
  const auto other = gate.ask(urgency::live, "a");
  gate.leave(alone);
  EXPECT_EQ(gate.admit(start), other);
}

TEST(admission, knows_whether_a_request_had_company) {
  admission gate({1000, 1000, 10});
  const auto send = [&](point at) {
    const auto t = gate.ask(urgency::live, "a");
    EXPECT_EQ(gate.admit(at), t);
    return t;
  };
  gate.leave(send(start));
  EXPECT_FALSE(gate.had_company(start));
  gate.leave(send(start + 1s));
  EXPECT_TRUE(gate.had_company(start));
  EXPECT_TRUE(gate.had_company(start + 1s));
  gate.leave(send(start + 10s));
  EXPECT_FALSE(gate.had_company(start + 10s));
  const auto long_one = send(start + 20s);
  gate.leave(send(start + 30s));
  EXPECT_TRUE(gate.had_company(start + 30s));
  gate.leave(long_one);
}

}  // namespace
}  // namespace ordersync::sync::flow
