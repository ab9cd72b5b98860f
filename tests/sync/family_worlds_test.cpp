// The engine against APIs that do what real ones of this family do and do not say: one behaviour at a time, then three
// at once in ten thousand seeded worlds. Whatever they do, no order is missing in time that is called proven.

#include "sync/seeds.hpp"
#include "sync/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ordersync::sync::testing {
namespace {

using namespace std::chrono_literals;

const core::second start{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};

world_rules year_of(std::int64_t orders, behaviour api) {
  return {.range = {start, start + 24h * 365}, .orders = orders, .api = api};
}

std::string first(const std::vector<std::string>& list) {
  return list.empty() ? std::string{} : list.front();
}

std::chrono::seconds proven_length(const world& w) {
  std::chrono::seconds length{0};
  const interval_set all(w.proven);
  for (const auto& part : all.windows()) length += part.length();
  return length;
}

struct behaving {
  const char* name;
  behaviour api;
  std::int64_t orders = 500;
  bool proven = true;     // all of the time is proven in the end
  const char* said = "";  // what the trials report
  std::int64_t max_orders = 2000;
};

void PrintTo(const behaving& b, std::ostream* out) {
  *out << b.name;
}

class behaviours : public ::testing::TestWithParam<behaving> {};

TEST_P(behaviours, lose_no_order_in_proven_time_and_are_reported) {
  const auto& param = GetParam();
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto rules = year_of(param.orders, param.api);
    rules.seed = (seed + 1) / 2;
    rules.together = seed % 2 == 0 ? 4 : 1;
    sweep::sweep_rules engine;
    engine.reading.max_orders = param.max_orders;
    world w(rules, engine);
    w.run_with_trials();
    ASSERT_TRUE(w.ended) << "seed " << seed << ", calls " << w.progress.calls;
    ASSERT_TRUE(w.lost().empty()) << "seed " << seed << ": " << w.lost().size() << " lost, " << w.lost().front();
    const bool reported = *param.said == 0 || std::ranges::any_of(w.said, [&](const auto& text) {
      return text.find(param.said) != std::string::npos;
    });
    EXPECT_TRUE(reported) << "said instead: " << first(w.said);
    if (param.proven)
      EXPECT_EQ(proven_length(w), w.rules.range.length()) << "seed " << seed << ": " << first(w.said);
    else
      EXPECT_LT(proven_length(w), w.rules.range.length());
  }
}

// What changes after some requests changes sooner where requests are sent ahead, so it may be noticed elsewhere.
TEST_P(behaviours, show_trials_the_same_whether_they_ask_one_by_one_or_several_at_once) {
  const auto& param = GetParam();
  if (param.api.ahead_after > 0 || param.api.round_after > 0) GTEST_SKIP() << "it changes";
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto rules = year_of(param.orders, param.api);
    rules.seed = seed;
    sweep::sweep_rules engine;
    engine.reading.max_orders = param.max_orders;
    world one_by_one(rules, engine);
    one_by_one.run_with_trials();
    rules.together = 4;
    world at_once(rules, engine);
    at_once.run_with_trials();
    EXPECT_EQ(at_once.said, one_by_one.said) << "seed " << seed;
    EXPECT_EQ(proven_length(at_once), proven_length(one_by_one)) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(
    each, behaviours,
    ::testing::Values(
        behaving{.name = "honest"},
        behaving{.name = "cuts the end after 7 d", .api = {.clamp = 24h * 7}, .said = "longest_range"},
        behaving{.name = "cuts the end after 31 d", .api = {.clamp = 24h * 31}, .said = "longest_range"},
        behaving{.name = "cuts the end after 3 h", .api = {.clamp = 3h}, .orders = 3000, .said = "longest_range"},
        behaving{.name = "cuts the begin before 7 d",
                 .api = {.clamp = 24h * 7, .clamp_begin = true},
                 .said = "longest_range"},
        behaving{
            .name = "cuts the begin before 1 d", .api = {.clamp = 24h, .clamp_begin = true}, .said = "longest_range"},
        behaving{.name = "its clock is an hour ahead", .api = {.ahead = 1h}, .proven = false, .said = "api.time_zone"},
        behaving{.name = "its clock is half an hour behind",
                 .api = {.ahead = -30min},
                 .proven = false,
                 .said = "api.time_zone"},
        behaving{.name = "its clock is 8 h behind", .api = {.ahead = -8h}, .proven = false, .said = "api.time_zone"},
        behaving{.name = "its clock changes by an hour",
                 .api = {.ahead = 1h, .ahead_after = 20},
                 .orders = 3000,
                 .proven = false,
                 .said = "api.time_zone"},
        behaving{.name = "rounds to the minute", .api = {.round = 60s}, .proven = false, .said = "by the exact times"},
        behaving{.name = "rounds to the minute after a while",
                 .api = {.round = 60s, .round_after = 20},
                 .orders = 3000,
                 .proven = false,
                 .said = "by the exact times"},
        behaving{.name = "rounds to the hour", .api = {.round = 1h}, .proven = false},
        behaving{.name = "rounds to the day", .api = {.round = 24h}, .proven = false},
        behaving{
            .name = "counts to 1,000", .api = {.cap = 1000}, .orders = 2300, .said = "total", .max_orders = 50'000},
        behaving{
            .name = "counts to 5,000", .api = {.cap = 5000}, .orders = 12'300, .said = "total", .max_orders = 50'000},
        behaving{.name = "counts to 1,000, half of what a window may hold", .api = {.cap = 1000}, .orders = 5000},
        behaving{.name = "leaves finished orders out", .api = {.hide_finished = true}, .said = "by_status"},
        behaving{.name = "refuses more than 30 d", .api = {.refuse_range = 24h * 30}, .said = "longest_range"},
        behaving{.name = "refuses what ends within 2 min of now",
                 .api = {.refuse_near_now = 2min},
                 .proven = false,
                 .said = "nearest_end"},
        behaving{.name = "refuses pages of more than 20", .api = {.refuse_pages = 20}, .said = "page_size"},
        behaving{.name = "repeats its last page", .api = {.repeat_last_page = true}},
        behaving{.name = "shows the same page always", .api = {.same_page = true}},
        behaving{.name = "counts lines", .api = {.lines_an_order = 3}, .proven = false},
        behaving{.name = "shows orders twice", .api = {.twice = 0.05}}));

// A cost that an API which counts otherwise must not exceed.
TEST(behaviours_cost, a_total_that_counts_lines_costs_at_most_20_times_the_pages) {
  world w(year_of(1500, {.lines_an_order = 3}), {});
  w.run();
  EXPECT_LE(w.progress.calls, 20 * 30 + 200);
  EXPECT_EQ(w.stored.size(), 1500u);
}

behaviour three_of(std::mt19937_64& random) {
  behaviour api;
  const std::chrono::seconds lengths[] = {3h, 24h, 24h * 7, 24h * 31};
  const std::chrono::seconds shifts[] = {1h, -1h, 30min, -30min, 8h, -8h, 45min};
  for (int i = 0; i < 3; ++i) {
    const auto length = lengths[random() % std::size(lengths)];
    switch (random() % 11) {
      case 0:
        api.clamp = length;
        api.clamp_begin = false;
        break;
      case 1:
        api.clamp = length;
        api.clamp_begin = true;
        break;
      case 2:
        api.ahead = shifts[random() % std::size(shifts)];
        api.ahead_after = random() % 3 == 0 ? 0 : static_cast<std::int64_t>(random() % 100);
        break;
      case 3:
        api.cap = 120 + static_cast<std::int64_t>(random() % 1000);
        break;
      case 4:
        api.hide_finished = true;
        api.hide_after = random() % 2 == 0 ? 0 : static_cast<std::int64_t>(random() % 60);
        break;
      case 5:
        api.refuse_range = length;
        break;
      case 6:
        api.refuse_near_now = std::chrono::minutes{1 + random() % 60};
        break;
      case 7:
        api.refuse_pages = 20;
        break;
      case 8:
        api.repeat_last_page = true;
        break;
      case 9:
        api.round = random() % 2 == 0 ? 60s : 3600s;
        api.round_after = random() % 2 == 0 ? 0 : static_cast<std::int64_t>(random() % 60);
        break;
      default:
        api.twice = 0.02;
        break;
    }
  }
  return api;
}

class families : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(families, lose_no_order_in_proven_time) {
  for (auto seed = GetParam(); seed < GetParam() + seeds_a_test; ++seed) {
    std::mt19937_64 random(seed);
    const std::chrono::seconds ranges[] = {24h * 3, 24h * 40, 24h * 200};
    world_rules rules{.range = {start, start + ranges[random() % std::size(ranges)]}};
    rules.orders = static_cast<std::int64_t>(random() % (random() % 16 == 0 ? 3000 : 150));
    rules.clusters = static_cast<int>(random() % 3 == 0 ? random() % 5 : 0);
    rules.inclusive = random() % 2 == 0;
    rules.seed = seed;
    rules.api = three_of(random);
    sweep::sweep_rules engine;
    engine.reading.max_orders = random() % 2 == 0 ? 2000 : 200;
    rules.together = random() % 2 == 0 ? 1 : 4;
    world w(rules, engine);
    w.run_with_trials();
    ASSERT_TRUE(w.ended) << "seed " << seed << ": it does not end, after " << w.progress.calls << " calls";
    ASSERT_TRUE(w.lost().empty()) << "seed " << seed << ": " << w.lost().size() << " of " << w.orders.size()
                                  << " lost, " << w.lost().front() << "; " << first(w.said);
  }
}

INSTANTIATE_TEST_SUITE_P(of_three, families, ::testing::Range<std::uint64_t>(1, 10'001, 1000));

}  // namespace
}  // namespace ordersync::sync::testing
