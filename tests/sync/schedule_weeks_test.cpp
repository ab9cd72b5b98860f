// Weeks of several accounts behind one rate budget: what holds at every moment of them.

#include "sync/weeks.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace ordersync::sync {
namespace {

using namespace std::chrono_literals;
using core::window;
using std::chrono::days;
using std::chrono::seconds;
using testing::account_life;
using testing::answer;
using testing::weeks;

// An unoptimised build, or one with sanitizers, takes twenty times as long for the same, so there the weeks are cut to
// days.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr int shortened = 1;
#else
constexpr int shortened = 16;
#endif

// So that the simulated weeks cross a leap day, and, with the history that is read again, the end of a year.
constexpr core::second begin{std::chrono::sys_days{std::chrono::year{2024} / 2 / 20} + 7h};
constexpr flow::admission_rules gate{10, 4, 4};
const std::vector<schedule::tier> tiers{{2h, 1min}, {days{3}, 15min}, {days{30}, 6h}, {days{180}, days{7}}};

schedule::schedule_rules rules(core::second start, std::vector<schedule::tier> with = tiers) {
  return {start, 10s, 5s, 600s, std::move(with)};
}

weeks known_history(std::vector<account_life> accounts, std::vector<schedule::tier> with = tiers) {
  const window known{begin - days{200}, begin};
  return weeks(rules(known.begin, std::move(with)), gate, std::move(accounts), {known});
}

// Whatever is older than a minute was read no longer ago than its tier allows. A reading counts from its first request
// to its commit: until then the one before it is the last. So the bound is the period and the longest reading of a
// slot; the pace leaves a twentieth of the period for that, but for a tier as fast as a minute that is three seconds.
void expect_fresh(const weeks& life, std::size_t account, std::size_t first_tier, std::size_t last_tier) {
  for (auto i = first_tier; i <= last_tier; ++i) {
    const auto from = i == 0 ? seconds{1min} : tiers[i - 1].younger_than;
    const auto slack = std::max<seconds>(3s, tiers[i].every / 100);
    EXPECT_LE(life.stalest(account, from, tiers[i].younger_than), tiers[i].every + slack)
        << "tier " << i << " of account " << account << " at " << core::to_text(life.now());
  }
}

TEST(schedule_weeks, hold_the_staleness_of_every_tier) {
  auto life = known_history({{"a"}});
  for (int step = 0; step < 21 * 24 * 4 / shortened && !HasFailure(); ++step) {
    life.run(15min + 1s);
    expect_fresh(life, 0, 0, step % 40 == 0 ? 3 : 1);
  }
  EXPECT_GE(life.plan().complete_through(), life.now() - 30s);
  EXPECT_LT(life.most_reading_entries(), 1500U);  // weeks of live readings leave no trace of each
}

TEST(schedule_weeks, remember_no_more_than_the_tiers_can_distinguish) {
  auto slow = known_history({{"a"}}, {{days{180}, days{7}}});
  slow.run(days{2});  // 17,000 live readings, which nothing reads again
  EXPECT_LT(slow.most_reading_entries(), 1500U);
  auto young = known_history({{"a"}}, {{2h, 1min}});
  young.run(days{4});
  const auto after_four = young.plan().reading_entries();
  young.run(days{1});
  EXPECT_LT(young.plan().reading_entries(), after_four + after_four / 10);  // what is older than any tier is forgotten
}

TEST(schedule_weeks, keep_to_the_rate_and_starve_nobody_under_full_load) {
  const std::vector<window> job{{begin - days{4000}, begin - days{300}}};
  auto life = known_history({{"a", 0.05, answer::orders, {}, job},
                             {"b", 0.05, answer::orders, {}, job},
                             {"c", 0.05, answer::orders, {}, job}});
  std::array<std::array<std::int64_t, 3>, 3> before{};
  for (int step = 0; step < 24 * 6 / shortened && !HasFailure(); ++step) {
    life.run(10min);
    for (std::size_t account = 0; account < 3; ++account) {
      expect_fresh(life, account, 0, 2);
      for (const auto how : {flow::urgency::live, flow::urgency::revisit, flow::urgency::backfill}) {
        const auto grants = life.grants(account, how);
        auto& last = before[account][static_cast<std::size_t>(how)];
        EXPECT_GE(grants - last, 50) << "class " << static_cast<int>(how) << " of account " << account;
        last = grants;
      }
    }
  }
  EXPECT_LE(life.most_grants_in_a_second(), 14);  // ten, and the burst of four
  const auto all = life.grants(0) + life.grants(1) + life.grants(2);
  EXPECT_GE(all, 24 * 3600 / shortened * 10 * 99 / 100);  // and nothing of it is wasted
}

TEST(schedule_weeks, starve_no_class_when_there_is_more_to_do_than_the_rate_allows) {
  const std::vector<window> job{{begin - days{4000}, begin - days{300}}};
  std::vector<account_life> many;
  for (const auto* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"})
    many.push_back({name, 0.2, answer::orders, {}, job});
  auto life = known_history(many);
  std::array<std::int64_t, 3> before{};
  for (int step = 0; step < 24; ++step) {
    life.run(10min);
    std::array<std::int64_t, 3> grants{};
    for (std::size_t account = 0; account < many.size(); ++account) {
      EXPECT_GT(life.grants(account), 0);
      for (const auto how : {flow::urgency::live, flow::urgency::revisit, flow::urgency::backfill})
        grants[static_cast<std::size_t>(how)] += life.grants(account, how);
    }
    for (std::size_t how = 0; how < 3; ++how) EXPECT_GE(grants[how] - before[how], 6000 / 16 - 1) << how;
    before = grants;
  }
  EXPECT_TRUE(life.tiers(0)[1].behind);  // and it is said
}

// What an account with an endless job sends in six hours, beside another one.
std::int64_t grants_beside(std::vector<account_life> others) {
  others.insert(others.begin(), {"a", 0.05, answer::orders, {}, {{begin - days{4000}, begin - days{300}}}});
  auto life = known_history(std::move(others));
  life.run(6h);
  expect_fresh(life, 0, 0, 2);
  return life.grants(0);
}

TEST(schedule_weeks, are_no_slower_for_an_account_beside_one_that_fails) {
  const auto alone = grants_beside({});
  EXPECT_GE(grants_beside({{"refused", 0.05, answer::refusal}}), alone * 90 / 100);
  EXPECT_GE(grants_beside({{"silent", 0.05, answer::silence}}), alone * 90 / 100);
}

TEST(schedule_weeks, bring_a_failing_account_back_as_soon_as_it_is_well) {
  auto life = known_history({{"a"}, {"b"}});
  life.run(1h);
  life.life(1).answers = answer::refusal;
  life.run(30h);
  EXPECT_TRUE(life.tiers(1)[1].behind);
  EXPECT_LT(life.plan(1).complete_through(), life.now() - 29h);
  life.life(1).answers = answer::orders;
  life.run(5min);
  EXPECT_GE(life.plan(1).complete_through(), life.now() - 30s);
  life.run(10min);
  expect_fresh(life, 1, 0, 2);
}

void expect_all_read(const weeks& life, core::second from) {
  for (auto t = from; t < life.now() - 1min; t += 1min) ASSERT_TRUE(life.first_read(0, t)) << core::to_text(t);
}

TEST(schedule_weeks, catch_up_after_two_days_down_with_the_newest_first) {
  auto life = known_history({{"a", 0.05}});
  life.run(6h);
  const auto stopped = life.now();
  life.restart_after(days{2});
  const auto back = life.now();
  EXPECT_TRUE(life.tiers(0)[1].behind);
  life.run(15min);
  expect_all_read(life, stopped - 1min);
  EXPECT_LE(life.first_read(0, back - 5min), back + 5s);
  EXPECT_LE(life.first_read(0, back - 1h), back + 20s);
  EXPECT_LE(life.first_read(0, back - 3h), life.first_read(0, back - 20h));
  EXPECT_LE(life.first_read(0, back - 20h), life.first_read(0, back - 40h));
  EXPECT_GE(life.plan().complete_through(), life.now() - 30s);
  expect_fresh(life, 0, 0, 3);
  for (const auto& t : life.tiers()) EXPECT_FALSE(t.behind);
}

TEST(schedule_weeks, mirror_a_long_history_newest_first_while_live_goes_on) {
  weeks life(rules(begin - days{200}), gate, {{"a", 0.05}}, {{begin - 1s, begin}});
  life.run(10min);
  EXPECT_GE(life.plan().proven().back().end, life.now() - 30s);
  EXPECT_LE(life.first_read(0, begin - 1h), begin + 30s);
  life.run(2h);
  EXPECT_GE(life.plan().complete_through(), life.now() - 30s);
  life.run(1h);
  expect_fresh(life, 0, 0, 3);
}

TEST(schedule_weeks, are_not_harmed_by_jumps_of_the_servers_clock) {
  for (const auto error : {seconds{8h}, seconds{-8h}}) {
    auto life = known_history({{"a"}});
    life.run(1h);
    const auto grants = life.grants(0);
    life.set_clock_error(error);
    life.run(3h);
    EXPECT_GT(life.grants(0) - grants, 3 * 360);   // it goes on
    EXPECT_LT(life.grants(0) - grants, 3 * 3600);  // and does not spin
    life.set_clock_error(0s);
    life.run(15min);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_FALSE(life.tiers()[i].behind);
    expect_all_read(life, begin);
    expect_fresh(life, 0, 0, 3);
    EXPECT_GE(life.plan().complete_through(), life.now() - 30s);
    EXPECT_LE(life.plan().proven().back().end, life.now());
    // Nothing that was proven of the future while the clock was ahead is taken for read after a downtime.
    const auto stopped = life.now();
    life.restart_after(6h);
    life.run(5min);
    expect_all_read(life, stopped - 1min);
    life.run(std::chrono::hours{8 * 24 / shortened});
    expect_fresh(life, 0, 0, 3);
  }
}

TEST(schedule_weeks, keep_nobody_waiting_for_a_gap_that_never_closes) {
  const window once_proven{begin - 3h, begin - 3h + 20s};
  const window gap{begin + 40min, begin + 40min + 7s};
  auto life = known_history({{"a", 0.05, answer::orders, {once_proven, gap}}});
  life.run(1h);
  life.restart_after(5h);
  for (int step = 0; step < 200 / shortened; ++step) {
    life.run(15min + 1s);
    expect_fresh(life, 0, 0, 2);  // also of what lies around the gaps
  }
  interval_set proven(life.plan().proven());
  EXPECT_EQ(proven.missing({begin - days{1}, life.now() - 30s}), std::vector{gap});
  EXPECT_EQ(life.plan().complete_through(), gap.begin);
  EXPECT_TRUE(life.tiers()[1].behind);  // of what was proven once and cannot be read again
  EXPECT_FALSE(life.tiers()[2].behind);
  EXPECT_LT(life.grants(0), (6 + 50 / shortened) * 3600);  // and it costs little
}

}  // namespace
}  // namespace ordersync::sync
