#include "sync/schedule/schedule.hpp"

#include "sync/manual_clock.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace ordersync::sync::schedule {
namespace {

using namespace sync::testing;
using namespace std::chrono_literals;
using core::window;
using std::chrono::days;
using std::chrono::seconds;

TEST(live, reads_the_same_stretch_before_now_every_so_often) {
  auto plan = caught_up();
  const auto first = plan.next(after(0s));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->kind, sweep_kind::live);
  EXPECT_EQ(first->how, flow::urgency::live);
  EXPECT_EQ(first->ranges, (std::vector{window{noon - 605s, noon - 5s}}));
  EXPECT_FALSE(plan.next(after(1s)));
  finish(plan, *first, after(1s));
  EXPECT_FALSE(plan.next(after(9'999ms)));
  EXPECT_EQ(plan.wake(after(1s)), power_on + 10s);
  const auto second = plan.next(after(10s));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->ranges, (std::vector{window{noon - 595s, noon + 5s}}));
}

TEST(live, does_not_pile_up_when_it_takes_long) {
  auto plan = caught_up();
  const auto first = plan.next(after(0s));
  EXPECT_EQ(all(plan, after(5min)).size(), 0U);
  finish(plan, *first, after(5min));
  EXPECT_EQ(all(plan, after(5min)).size(), 1U);  // at once, and only one
}

TEST(live, waits_for_a_start_that_is_still_to_come) {
  schedule plan(rules(noon + 1h), {}, {});
  EXPECT_TRUE(all(plan, after(0s)).empty());
  EXPECT_GT(plan.wake(after(0s)), power_on);
  const auto first = plan.next(after(1h + 10s));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->ranges, (std::vector{window{noon + 1h, noon + 1h + 5s}}));
}

TEST(catch_up, reads_a_new_mirror_newest_first_in_chunks_that_grow) {
  const auto start = noon - days{200};
  schedule plan(rules(start), {}, {});
  const auto live_begins = noon - 605s;
  std::vector<window> chunks;
  for (int i = 0; i < 100; ++i) {
    for (const auto& t : all(plan, after(0s))) {
      EXPECT_EQ(t.ranges.size(), 1U);
      if (t.ranges[0].end <= live_begins) {
        EXPECT_EQ(t.kind, sweep_kind::live);
        EXPECT_EQ(t.how, t.ranges[0].end > noon - days{1} ? flow::urgency::live : flow::urgency::backfill);
        chunks.push_back(t.ranges[0]);
      }
      finish(plan, t, after(0s));
    }
  }
  ASSERT_GT(chunks.size(), 8U);
  EXPECT_LT(chunks.size(), 25U);
  EXPECT_EQ(chunks[0].length(), 1h);
  EXPECT_EQ(interval_set(chunks).windows(), (std::vector{window{start, live_begins}}));
  EXPECT_EQ(plan.complete_through(), noon - 5s);
}

TEST(catch_up, has_the_last_day_read_though_older_history_takes_long) {
  schedule plan(rules(noon - days{100}), {}, {});
  const auto given = all(plan, after(0s));
  ASSERT_EQ(given.size(), 3U);  // live, young, old
  EXPECT_EQ(given[1].how, flow::urgency::live);
  EXPECT_EQ(given[2].how, flow::urgency::backfill);
  EXPECT_EQ(given[2].ranges[0].end, noon - days{1});
}

TEST(catch_up, tries_a_gap_that_does_not_close_less_and_less_often_and_the_others_meanwhile) {
  const window whole{noon - days{300}, noon - 5s};
  const window stubborn{noon - 3h, noon - 3h + 7s};
  const window other{noon - 9h, noon - 9h + 7s};
  interval_set proven({whole});
  proven.remove(stubborn);
  proven.remove(other);
  schedule plan(rules(whole.begin), proven.windows(), {});
  std::vector<seconds> tries;
  bool other_read = false;
  for (seconds t{0}; t < 6h; t += 5s) {
    for (const auto& given : all(plan, after(t))) {
      const bool hopeless = given.ranges[0] == stubborn;
      if (hopeless) tries.push_back(t);
      if (given.ranges[0] == other) other_read = tries.size() == 1;
      hopeless ? plan.ended(given.id, false, after(t)) : finish(plan, given, after(t));
    }
  }
  EXPECT_TRUE(other_read);
  ASSERT_GE(tries.size(), 9U);
  EXPECT_LE(tries.size(), 12U);
  EXPECT_EQ(tries[1] - tries[0], 60s);
  EXPECT_EQ(tries[2] - tries[1], 120s);
  EXPECT_EQ(tries[8] - tries[7], 3600s);
  EXPECT_EQ(plan.complete_through(), stubborn.begin);
}

TEST(catch_up, takes_what_live_readings_left) {
  auto plan = caught_up();
  for (int i = 0; i < 120; ++i) {  // 20 minutes of failure
    const auto t = plan.next(after(i * 10s));
    ASSERT_TRUE(t) << i;
    plan.ended(t->id, false, after(i * 10s));
    if (t->ranges[0].end < noon + i * 10s - 5s) break;  // not live any more
  }
  std::vector<window> read;
  for (const auto& t : all(plan, after(20min))) read.push_back(t.ranges[0]);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].end, noon + 20min - 5s);
  EXPECT_EQ(interval_set(read).missing({noon - 5s, noon + 20min - 5s}), std::vector<window>{});
}

TEST(catch_up, leaves_to_a_job_what_the_job_reads) {
  schedule plan(rules(noon - days{100}), {{noon - days{2}, noon - 5s}}, all_read({noon - days{2}, noon}, noon));
  plan.set_jobs({{7, {{noon - days{100}, noon - days{2}}}}});
  const auto given = all(plan, after(0s));
  ASSERT_EQ(given.size(), 2U);
  EXPECT_EQ(given[1].job, 7);
  plan.ended(given[1].id, false, after(1s));
  plan.set_jobs({});
  const auto then = all(plan, after(1s));
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].kind, sweep_kind::live);
  EXPECT_EQ(then[0].ranges[0].end, noon - days{2});
}

TEST(jobs, are_worked_one_at_a_time_the_oldest_first) {
  auto plan = caught_up();
  const window left{noon - days{400}, noon - days{390}};
  plan.set_jobs({{3, {}}, {4, {left}}, {5, {left}}});
  const auto given = all(plan, after(0s));
  ASSERT_EQ(given.size(), 2U);
  EXPECT_EQ(given[1].job, 4);
  EXPECT_EQ(given[1].kind, sweep_kind::backfill);
  EXPECT_EQ(given[1].how, flow::urgency::backfill);
  EXPECT_EQ(given[1].ranges, std::vector{left});
  finish(plan, given[1], after(1s));
  // It is still listed, for ending it takes a moment.
  const auto then = all(plan, after(1s));
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].job, 5);
}

TEST(jobs, that_are_paused_and_resumed_go_on_at_once) {
  auto plan = caught_up();
  const window left{noon - days{400}, noon - days{390}};
  plan.set_jobs({{4, {left}}});
  auto given = all(plan, after(0s));
  plan.set_jobs({});
  plan.dropped(given.back().id, after(100ms));
  EXPECT_TRUE(all(plan, after(200ms)).empty());
  plan.set_jobs({{4, {left}}});
  given = all(plan, after(300ms));
  ASSERT_EQ(given.size(), 1U);
  EXPECT_EQ(given[0].job, 4);
}

TEST(jobs, that_stay_open_after_they_ended_are_tried_again_later) {
  auto plan = caught_up();
  plan.set_jobs({{4, {{noon - days{400}, noon - days{390}}}}});
  const auto given = all(plan, after(0s));
  plan.ended(given[1].id, false, after(1s));
  plan.ended(given[0].id, true, after(1s));
  for (seconds t{2}; t < 61s; t += 1s)
    for (const auto& again : all(plan, after(t))) {
      EXPECT_FALSE(again.job);
      plan.ended(again.id, true, after(t));
    }
  const auto again = all(plan, after(61s));
  ASSERT_FALSE(again.empty());
  EXPECT_EQ(again.back().job, 4);
}

TEST(schedule, gives_the_most_urgent_first) {
  const window known{noon - days{50}, noon - days{40}};
  schedule plan(rules(noon - days{100}, {{days{45}, 6h}, {days{60}, 7h}}), {known}, all_read(known, noon));
  plan.set_jobs({{1, {{noon - days{300}, noon - days{299}}}}});
  const auto given = all(plan, after(0s));
  ASSERT_EQ(given.size(), 6U);
  EXPECT_EQ(given[0].ranges[0].end, noon - 5s);
  EXPECT_EQ(given[1].ranges[0].end, noon - 605s);
  EXPECT_EQ(given[2].tier, 0U);
  EXPECT_EQ(given[3].tier, 1U);
  EXPECT_EQ(given[4].job, 1);
  EXPECT_EQ(given[5].ranges[0].end, noon - days{1});
}

TEST(schedule, gives_again_what_was_dropped) {
  schedule plan(rules(noon - 1h), {}, {});
  const auto given = all(plan, after(0s));
  ASSERT_EQ(given.size(), 2U);
  plan.dropped(given[1].id, after(0s));
  EXPECT_TRUE(all(plan, after(0s)).empty());
  EXPECT_LE(plan.wake(after(0s)), power_on + 1s);
  const auto again = all(plan, after(1s));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].ranges[0].begin, given[1].ranges[0].begin);
}

TEST(schedule, throws_at_the_end_of_a_task_that_it_never_gave) {
  auto plan = caught_up();
  EXPECT_THROW(plan.ended(99, true, after(0s)), std::logic_error);
}

TEST(schedule, says_what_is_complete_from_the_start) {
  schedule plan(rules(noon - 1h), {}, {});
  EXPECT_EQ(plan.complete_through(), std::nullopt);
  const window late{noon - 30min, noon};
  plan.stored(late, late, noon);
  EXPECT_EQ(plan.complete_through(), std::nullopt);
  const window early{noon - 1h, noon - 40min};
  plan.stored(early, early, noon);
  EXPECT_EQ(plan.complete_through(), early.end);
  const window rest{noon - 40min, noon - 30min};
  plan.stored(rest, std::nullopt, noon);
  EXPECT_EQ(plan.complete_through(), early.end);
  plan.stored(rest, rest, noon);
  EXPECT_EQ(plan.complete_through(), noon);
}

TEST(schedule, takes_for_proven_and_read_only_what_was_proven_of_a_window) {
  const auto start = noon - 1h;
  schedule plan(rules(start, {{2h, 1min}}), {}, {});
  plan.stored({start, noon}, window{start, noon - 30min}, noon);
  EXPECT_EQ(plan.proven(), (std::vector{window{start, noon - 30min}}));
  plan.stored({noon - 30min, noon}, window{noon - 1h, noon}, noon);
  EXPECT_EQ(plan.proven(), (std::vector{window{start, noon}}));
  EXPECT_EQ(plan.tiers(after(0s))[0].oldest_read, noon);
}

TEST(proof, of_what_is_to_come_is_doubted_until_the_clock_jumps_there) {
  const window known{noon - 1h, noon};
  proof proven({known}, 5s);
  const auto moment_at = [](seconds since, seconds ahead) {
    auto now = after(since);
    now.server += ahead;
    return now;
  };
  proven.reassess(moment_at(0s, -8h));
  EXPECT_TRUE(proven.trusted().empty());
  proven.reassess(moment_at(10s, 0s));  // it was the clock that was wrong
  EXPECT_EQ(proven.trusted().windows(), std::vector{known});

  proven.add({noon, noon + 8h});  // while the clock was ahead
  proven.reassess(moment_at(20s, 0s));
  EXPECT_EQ(proven.trusted().windows(), (std::vector{window{noon - 1h, noon + 15s}}));
  for (seconds t{20}; t < 9h; t += 1min) proven.reassess(moment_at(t, 0s));
  EXPECT_EQ(proven.trusted().windows().back().end, noon + 15s);
  proven.reassess(moment_at(9h, 2min));  // too late for what time itself has reached
  EXPECT_EQ(proven.trusted().windows().back().end, noon + 15s);
}

}  // namespace
}  // namespace ordersync::sync::schedule
