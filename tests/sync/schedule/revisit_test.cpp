#include "sync/manual_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ordersync::sync::schedule {
namespace {

using namespace sync::testing;
using namespace std::chrono_literals;
using core::window;
using std::chrono::days;
using std::chrono::seconds;

TEST(revisit, spreads_the_slots_evenly_over_the_period) {
  auto plan = caught_up({{days{30}, 6h}});
  std::vector<seconds> begun;
  interval_set read;
  for (seconds t{0}; t < 6h; t += 5s) {
    for (const auto& given : all(plan, after(t))) {
      if (given.kind == sweep_kind::revisit) {
        EXPECT_EQ(given.how, flow::urgency::revisit);
        EXPECT_EQ(given.tier, 0U);
        begun.push_back(t);
        for (const auto& w : given.ranges) read.add(w);
      }
      finish(plan, given, after(t));
    }
  }
  EXPECT_EQ(read.missing({noon - days{29}, noon - 5s}), std::vector<window>{});
  EXPECT_GE(begun.size(), 256U);
  EXPECT_LE(begun.size(), 256U * 11 / 9);
  for (std::size_t i = 1; i < begun.size(); ++i) {
    ASSERT_GE(begun[i] - begun[i - 1], 70s);
    ASSERT_LE(begun[i] - begun[i - 1], 80s);
  }
}

TEST(revisit, reads_back_to_back_after_a_downtime_and_says_that_it_is_behind) {
  const window whole{noon - days{300}, noon - 5s};
  schedule plan(rules(whole.begin, {{days{3}, 15min}}), {whole}, all_read(whole, noon - 2h));
  EXPECT_TRUE(plan.tiers(after(0s))[0].behind);
  EXPECT_EQ(plan.tiers(after(0s))[0].oldest_read, noon - 2h);
  seconds t{0};
  for (; t < 10min && plan.tiers(after(t))[0].oldest_read < noon - 10s; t += 1s)
    for (const auto& given : all(plan, after(t))) finish(plan, given, after(t));
  EXPECT_LE(t, 95s);  // one a second
  EXPECT_FALSE(plan.tiers(after(t))[0].behind);
}

TEST(revisit, reads_only_what_is_proven) {
  const window early{noon - 2h, noon - 90min};
  const window late{noon - 30min, noon - 20min};
  schedule plan(rules(noon - 1h, {{2h, 10s}}), {early, late}, {});
  for (const auto& given : all(plan, after(0s))) {
    if (given.kind != sweep_kind::revisit) continue;
    EXPECT_EQ(given.ranges, (std::vector{early, late}));
    return;
  }
  FAIL() << "no revisit";
}

TEST(revisit, forgets_nothing_between_two_tiers) {
  const std::vector<tier> tiers{{2h, 1min}, {6h, 5min}, {days{1}, 20min}};
  auto plan = caught_up(tiers);
  // Readings of this test's own second, as it grows older.
  const auto watched = noon - 17s;
  auto last = noon;
  seconds worst_in[3]{};
  for (seconds t{0}; t < days{1} - 1min; t += 1s) {
    for (const auto& given : all(plan, after(t))) {
      for (const auto& w : given.ranges)
        if (w.contains(watched)) last = noon + t;
      finish(plan, given, after(t));
    }
    const auto age = noon + t - watched;
    auto& worst = worst_in[age < 2h ? 0 : age < 6h ? 1 : 2];
    worst = std::max(worst, noon + t - last);
  }
  EXPECT_LE(worst_in[0], 1min);
  EXPECT_LE(worst_in[1], 5min);
  EXPECT_LE(worst_in[2], 20min);
  EXPECT_GT(worst_in[2], 15min);  // not more often than was asked for
}

TEST(revisit, goes_on_when_a_slot_cannot_be_read) {
  auto plan = caught_up({{days{3}, 15min}});
  const auto broken = noon - days{1};
  interval_set read;
  int tries = 0;
  for (seconds t{0}; t < 15min; t += 5s) {
    for (const auto& given : all(plan, after(t))) {
      if (given.kind == sweep_kind::revisit && given.ranges[0].contains(broken)) {
        ++tries;
        plan.ended(given.id, false, after(t));
        continue;
      }
      if (given.kind == sweep_kind::revisit) read.add(given.ranges[0]);
      finish(plan, given, after(t));
    }
  }
  EXPECT_EQ(read.missing({noon - days{3} + 1h, noon - 5s}).size(), 1U);
  EXPECT_GE(tries, 1);
  EXPECT_LE(tries, 4);
}

TEST(revisit, does_not_spin_on_a_slot_whose_reading_never_arrives) {
  auto plan = caught_up({{days{3}, 15min}});
  int given_in_all = 0;
  for (seconds t{1h}; t < 1h + 10s; t += 1s)
    for (int i = 0; i < 100; ++i)
      if (const auto given = plan.next(after(t))) {
        ++given_in_all;
        plan.ended(given->id, true, after(t));  // and yet nothing was stored
      }
  EXPECT_LT(given_in_all, 120);  // every slot once, and live
}

TEST(revisit, takes_what_was_never_read_first) {
  const window whole{noon - days{300}, noon - 5s};
  auto read = all_read({whole.begin, noon - days{2}}, noon - 1h);
  read.read({noon - days{1}, whole.end}, noon - 1h);
  schedule plan(rules(whole.begin, {{days{3}, 15min}}), {whole}, read);
  EXPECT_EQ(plan.tiers(after(0s))[0].oldest_read, std::nullopt);
  EXPECT_TRUE(plan.tiers(after(0s))[0].behind);
  const auto given = all(plan, after(0s));
  ASSERT_EQ(given.size(), 2U);
  EXPECT_LE(given[1].ranges[0].begin, noon - days{1});
  EXPECT_GE(given[1].ranges[0].begin, noon - days{1} - 1h);
}

}  // namespace
}  // namespace ordersync::sync::schedule
