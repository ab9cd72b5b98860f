// The engine in ten thousand made-up worlds: whatever happens, nothing is lost, nothing is called proven that is not
// complete, and it ends.

#include "sync/seeds.hpp"
#include "sync/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ordersync::sync::testing {
namespace {

using namespace std::chrono_literals;

const core::second start{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};

std::chrono::seconds some_length(std::mt19937_64& random) {
  const std::chrono::seconds lengths[] = {1s, 2s, 61s, 1h, 24h, 24h * 31, 24h * 366, 24h * 366 * 10};
  return lengths[random() % std::size(lengths)];
}

world_rules some_world(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto some = [&](double most) {
    return random() % 3 == 0 ? most * static_cast<double>(random() % 1000) / 1000 : 0.0;
  };
  world_rules rules;
  rules.seed = seed;
  rules.range = {start, start + some_length(random)};
  rules.orders = static_cast<std::int64_t>(random() % (random() % 4 == 0 ? 3000 : 200));
  rules.clusters = static_cast<int>(random() % 3 == 0 ? 0 : random() % 6);
  rules.inclusive = random() % 2 == 0;
  rules.lie = some(0.1);
  rules.lie_always = random() % 10 == 0 ? some(1) : 0;
  rules.garbage = some(0.05);
  // Where totals are made up, a reply must not also leave rows out or be cut to a page size that was not asked for: two
  // lies of the API that agree cannot be distinguished from the truth.
  if (rules.lie == 0) {
    rules.hidden_row = some(0.01);
    if (random() % 4 == 0) rules.server_page_cap = static_cast<int>(3 + random() % 40);
  }
  rules.unusable = random() % 8 == 0 ? 0.005 : 0;
  rules.outage = some(0.01);
  rules.database_outage = random() % 10 == 0 ? 0.02 : 0;
  rules.outdated = some(0.1);
  (random() % 2 == 0 ? rules.newborn : rules.deleted) = static_cast<int>(random() % 3 == 0 ? random() % 20 : 0);
  return rules;
}

sweep::sweep_rules some_engine(std::uint64_t seed) {
  std::mt19937_64 random(seed ^ 0x9e3779b97f4a7c15);
  sweep::sweep_rules rules;
  rules.reading.page_size = static_cast<int>(1 + random() % 60);
  rules.reading.max_orders = static_cast<std::int64_t>(1 + random() % 600);
  rules.windows = static_cast<int>(1 + random() % 6);
  rules.requests = rules.windows + static_cast<int>(random() % 6);
  return rules;
}

// Seconds of the range that are neither proven nor reported as a gap.
bool covers(const world& w) {
  auto all = w.proven;
  all.insert(all.end(), w.gaps.begin(), w.gaps.end());
  std::sort(all.begin(), all.end());
  auto reached = w.rules.range.begin;
  for (const auto& window : all) {
    if (window.begin > reached) return false;
    reached = std::max(reached, window.end);
  }
  return reached >= w.rules.range.end;
}

class worlds : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(worlds, nothing_is_lost_and_nothing_is_proven_that_is_not_complete) {
  for (auto seed = GetParam(); seed < GetParam() + seeds_a_test; ++seed) {
    world w(some_world(seed), some_engine(seed));
    w.run();
    ASSERT_TRUE(w.ended) << "seed " << seed << ": it does not end, after " << w.progress.calls << " calls";
    ASSERT_TRUE(w.broken.empty()) << "seed " << seed << ": " << w.broken.front();
    ASSERT_LE(w.most_in_flight, w.engine.requests) << "seed " << seed;
    ASSERT_LE(w.most_in_batch, w.engine.reading.max_orders + w.engine.reading.page_size * w.engine.requests)
        << "seed " << seed;
    if (w.stopped) continue;
    ASSERT_TRUE(covers(w)) << "seed " << seed << ": a part of the range is neither proven nor a gap";
    const bool every_row_was_shown =
        w.rules.hidden_row == 0 && w.rules.garbage == 0 && w.rules.outage == 0 && w.rules.lie == 0;
    for (const auto& [id, order] : w.orders) {
      if (!every_row_was_shown || order.newborn || order.deleted || w.rules.deleted > 0) continue;
      ASSERT_TRUE(order.usable ? w.stored.contains(id) : w.quarantined.contains(id))
          << "seed " << seed << ": order " << id << " was shown and is not there";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(ten_thousand, worlds, ::testing::Range<std::uint64_t>(1, 10'001, 1000));

struct honest_case {
  const char* name;
  std::int64_t orders;
  int clusters;
  std::chrono::seconds length;
};

void PrintTo(const honest_case& c, std::ostream* out) {
  *out << c.name;
}

class honest_worlds : public ::testing::TestWithParam<honest_case> {};

TEST_P(honest_worlds, are_proven_whole_within_the_budget_of_calls) {
  for (std::uint64_t seed = 1; seed <= large_worlds; ++seed) {
    for (const int page_size : page_sizes) {
      const auto& c = GetParam();
      sweep::sweep_rules engine;
      engine.reading.page_size = page_size;
      world w({.range = {start, start + c.length}, .orders = c.orders, .clusters = c.clusters, .seed = seed}, engine);
      w.run();
      ASSERT_TRUE(w.ended && !w.stopped && w.broken.empty() && w.gaps.empty() && covers(w));
      EXPECT_EQ(w.stored.size(), static_cast<std::size_t>(c.orders));
      constexpr double to_find_them = 25;  // one burst in a decade
      const double budget = 1.06 * static_cast<double>(c.orders) / page_size + to_find_them;
      EXPECT_LE(static_cast<double>(w.progress.calls), budget) << "page size " << page_size << ", seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(densities, honest_worlds,
                         ::testing::Values(honest_case{"a month, evenly", 100'000, 0, 24h * 31},
                                           honest_case{"a month in bursts", 60'000, 40, 24h * 31},
                                           honest_case{"a decade, one burst", 30'000, 1, 24h * 3660},
                                           honest_case{"a decade, sparse", 3'000, 0, 24h * 3660},
                                           honest_case{"a decade in bursts", 50'000, 200, 24h * 3660}));

TEST(sparse_worlds, a_decade_with_20000_orders_costs_at_most_440_calls) {
  for (std::uint64_t seed = 1; seed <= large_worlds; ++seed) {
    for (const int bursts : {0, 200}) {
      world w({.range = {start, start + 24h * 3660}, .orders = 20'000, .clusters = bursts, .seed = seed}, {});
      w.run();
      ASSERT_TRUE(w.ended && w.gaps.empty() && covers(w));
      EXPECT_LE(w.progress.calls, 440) << bursts << " bursts, seed " << seed;
    }
  }
}

TEST(worlds_of_nothing, years_of_emptiness_cost_one_call) {
  world w({.range = {start, start + 24h * 3660}}, {});
  w.run();
  EXPECT_TRUE(w.ended && covers(w) && w.gaps.empty());
  EXPECT_EQ(w.progress.calls, 1);
}

}  // namespace
}  // namespace ordersync::sync::testing
