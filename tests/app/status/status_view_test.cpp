#include "app/status/status_view.hpp"

#include "app/setup/demand.hpp"
#include "app/setup/scope.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::status {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t a_day = 86'400;  // seconds

const core::second start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};
const core::second now = start + 100h;

struct seen_by_status : ::testing::Test {
  config::settings settings;
  store::reports::status_report stored;

  seen_by_status() {
    settings.sync.start = start;
    settings.sync.live = {.every = 10s, .settle = 5s, .overlap = 60s};
    settings.accounts.emplace_back().name = "main";
    auto& account = stored.accounts.emplace_back();
    account.account = "main";
    account.scope = setup::scope_of(settings.accounts[0], settings.api).scope;
    account.proven = {{start, now - 10s}};
    account.last_proven = {{start, now - 10s}, "live", now - 10s};
  }
  store::reports::account_status& account() { return stored.accounts[0]; }
  void add_problem(std::string event, core::instant at) {
    stored.problems.push_back(
        {.event = std::move(event), .account = "main", .last_at = at, .fields = {{"reason", "no order is known"}}});
  }
  status_view look() const { return look_at(settings, stored, now); }
};

TEST_F(seen_by_status, nothing_speaks_against_what_is_proven) {
  EXPECT_TRUE(look().accounts[0].sound());
  EXPECT_FALSE(look().incomplete);
}

TEST_F(seen_by_status, an_open_contradiction_makes_it_incomplete) {
  account().open_contradictions = 1;
  EXPECT_TRUE(look().accounts[0].complete.complete());
  EXPECT_TRUE(look().incomplete);
  settings.accounts[0].name = "other";
  stored.accounts.push_back(account());
  stored.accounts[1].account = "other";
  stored.accounts[1].scope = setup::scope_of(settings.accounts[0], settings.api).scope;
  stored.accounts[1].open_contradictions = 0;
  EXPECT_FALSE(look().incomplete) << "main is not configured any more";
}

TEST_F(seen_by_status, an_incomplete_trial_counts_until_something_is_proven) {
  add_problem("api_trial_incomplete", now - 5s);
  EXPECT_EQ(look().accounts[0].untried, "no order is known");
  EXPECT_TRUE(look().incomplete);
  account().last_proven->finished_at = now - 1s;
  EXPECT_EQ(look().accounts[0].untried, "");
  account().last_proven.reset();
  EXPECT_EQ(look().accounts[0].untried, "no order is known");
  stored.problems[0].account = "other";
  EXPECT_EQ(look().accounts[0].untried, "");
}

TEST_F(seen_by_status, orders_missing_in_mass_count_for_a_day_whatever_is_proven) {
  add_problem("orders_missing_in_mass", now - 3h);
  EXPECT_TRUE(look().accounts[0].missing_in_mass.has_value());
  EXPECT_TRUE(look().incomplete);
  account().limits = {{.name = "by_status", .value = 1, .since = now - 4h}};
  EXPECT_TRUE(look().accounts[0].missing_in_mass.has_value()) << "it was known before";
  account().limits[0].since = now - 2h;
  EXPECT_FALSE(look().accounts[0].missing_in_mass.has_value()) << "they are read in another way since";
  account().limits.clear();
  stored.problems[0].last_at = now - 25h;
  EXPECT_FALSE(look().incomplete);
}

TEST_F(seen_by_status, an_end_that_must_be_long_ago_is_waited_for_and_no_gap) {
  account().proven = {{start, now - 150s}};
  EXPECT_FALSE(look().accounts[0].sound());
  account().limits = {{.name = "nearest_end", .value = 120}};
  EXPECT_TRUE(look().accounts[0].sound());
  EXPECT_EQ(look().accounts[0].settle, 120s);
  account().limits[0].value = 2;
  EXPECT_EQ(look().accounts[0].settle, 5s) << "less than sync.live.settle";
}

TEST_F(seen_by_status, a_limit_set_by_hand_takes_the_place_of_the_one_that_was_found) {
  account().limits = {{.name = "by_status", .value = 1}, {.name = "total", .value = 10'000}};
  settings.api.limits.total = 5'000;
  settings.api.limits.longest_range = 24h;
  const auto limits = look().accounts[0].limits;
  ASSERT_EQ(limits.size(), 3U);
  EXPECT_EQ(limits[0].is.name, "by_status");
  EXPECT_EQ(limits[1].is.value, 86'400);
  EXPECT_TRUE(limits[1].by_hand);
  EXPECT_EQ(limits[2].is.value, 5'000);
  EXPECT_TRUE(limits[2].by_hand);
}

TEST(look_at, says_where_live_alone_needs_more_than_the_rate) {
  config::settings settings;
  settings.accounts.resize(200);
  settings.sync.rate = 10;
  settings.sync.live.every = 10s;
  const auto warning = setup::overload_of(settings);
  EXPECT_NE(warning, "");
  EXPECT_EQ(look_at(settings, {}, {}).overload, warning);
  EXPECT_DOUBLE_EQ(look_at(settings, {}, {}).demand.live_period.count(), 20);
}

TEST(look_at, counts_what_the_live_windows_of_accounts_were_seen_to_cost) {
  config::settings settings;
  settings.accounts.resize(200);
  settings.sync.rate = 10;
  settings.sync.live.every = 10s;
  store::reports::status_report stored;
  for (const auto cost : {1.0, 2.0}) {
    stored.accounts.emplace_back();
    stored.accounts.back().live_requests = cost;
  }
  stored.accounts.emplace_back();
  EXPECT_DOUBLE_EQ(look_at(settings, stored, {}).demand.live_period.count(), 30);
}

}  // namespace
}  // namespace ordersync::app::status
