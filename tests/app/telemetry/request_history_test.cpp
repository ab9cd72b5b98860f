#include "app/telemetry/request_history.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::telemetry {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

const core::instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

struct history : ::testing::Test {
  request_history of;
  void ok(core::instant at, milliseconds took) { of.add(at, "main", "ok", took); }
};

TEST_F(history, of_details_is_in_the_minutes_and_shows_nothing_of_the_account) {
  ok(noon, 10ms);
  of.add(noon, "main", "unreachable", 5s);
  of.add_beside(noon, "ok", 10ms);
  of.add_beside(noon, "not_permitted", 10ms);
  EXPECT_EQ(of.minutes(noon)[0].outcomes,
            (std::map<std::string, std::int64_t>{{"not_permitted", 1}, {"ok", 2}, {"unreachable", 1}}));
  EXPECT_EQ(of.accounts().at("main").failures, 1);
}

TEST_F(history, counts_by_outcome_and_minute) {
  ok(noon, 10ms);
  ok(noon + 59s, 10ms);
  of.add(noon + 60s, "main", "unreachable", 5s);
  of.add(noon + 61s, "main", "something new", 5s);
  const auto minutes = of.minutes(noon + 2min);
  ASSERT_EQ(minutes.size(), 2U);
  EXPECT_EQ(minutes[0].begin, noon);
  EXPECT_EQ(minutes[0].outcomes, (std::map<std::string, std::int64_t>{{"ok", 2}}));
  EXPECT_EQ(minutes[1].outcomes, (std::map<std::string, std::int64_t>{{"other", 1}, {"unreachable", 1}}));
  EXPECT_EQ(minutes[1].count, 2);
}

TEST_F(history, reports_latencies_of_what_was_answered_well_within_a_tenth) {
  for (int i = 1; i <= 100; ++i) ok(noon, milliseconds{i * 10});
  of.add(noon, "main", "unreachable", 30s);
  const auto minute = of.minutes(noon).at(0);
  const auto near = [](auto value, double ms) {
    const auto found = std::chrono::duration<double, std::milli>(value.value()).count();
    EXPECT_NEAR(found, ms, ms / 10);
  };
  near(minute.p50, 500);
  near(minute.p95, 950);
  near(minute.longest, 1000);
}

TEST_F(history, a_minute_of_failures_alone_has_no_latency) {
  of.add(noon, "main", "refused", 1s);
  EXPECT_FALSE(of.minutes(noon).at(0).p50.has_value());
}

TEST_F(history, no_quantile_is_longer_than_the_longest) {
  ok(noon, 101ms);
  const auto minute = of.minutes(noon).at(0);
  EXPECT_EQ(minute.p95, minute.longest);
  ok(noon + 1min, 1h);
  EXPECT_EQ(of.minutes(noon + 1min).at(1).longest, 1h);
}

TEST_F(history, averages_the_last_twenty_answers_of_each_account) {
  for (int i = 0; i < 19; ++i) ok(noon, 10s);
  EXPECT_EQ(of.accounts().at("main").average, std::nullopt);
  ok(noon, 30s);
  EXPECT_EQ(of.accounts().at("main").average, 11s);
  of.add(noon, "main", "unreachable", 60s);
  EXPECT_EQ(of.accounts().at("main").average, 11s) << "failures are reported otherwise";
  for (int i = 0; i < 20; ++i) ok(noon, 20ms);
  EXPECT_EQ(of.accounts().at("main").average, 20ms);
}

TEST_F(history, forgets_after_six_hours) {
  ok(noon, 1ms);
  EXPECT_EQ(of.minutes(noon + 359min).size(), 1U);
  EXPECT_EQ(of.minutes(noon + 360min).size(), 0U);
  ok(noon + 360min, 1ms);  // the same place in the ring
  const auto minutes = of.minutes(noon + 360min);
  ASSERT_EQ(minutes.size(), 1U);
  EXPECT_EQ(minutes[0].count, 1);
}

TEST_F(history, time_that_goes_back_counts_into_the_newest_minute) {
  ok(noon, 1ms);
  ok(noon - 10min, 1ms);
  EXPECT_EQ(of.minutes(noon).at(0).count, 2);
}

TEST_F(history, a_new_kind_of_failure_is_counted_anew) {
  for (int i = 0; i < 215; ++i) of.add(noon + std::chrono::seconds{i}, "main", "unreachable", 1ms);
  of.add(noon + 300s, "main", "refused", 1ms);
  const auto& state = of.accounts().at("main");
  EXPECT_EQ(state.failing_since, noon);
  EXPECT_EQ(state.failures, 216);
  EXPECT_EQ(state.failure, "refused");
  EXPECT_EQ(state.same_failure_since, noon + 300s);
  EXPECT_EQ(state.same_failures, 1);
}

TEST_F(history, an_account_fails_from_its_first_failure_to_its_next_success) {
  ok(noon, 1ms);
  of.add(noon + 1s, "main", "unreachable", 1s);
  of.add(noon + 9s, "main", "refused", 1s);
  of.add(noon + 9s, "other", "ok", 1s);
  const auto& state = of.accounts().at("main");
  EXPECT_EQ(state.failing_since, noon + 1s);
  EXPECT_EQ(state.failure, "refused");
  EXPECT_EQ(state.failures, 2);
  ok(noon + 10s, 1ms);
  EXPECT_EQ(of.accounts().at("main").failures, 0);
  EXPECT_EQ(of.accounts().at("main").last_ok, noon + 10s);
}

}  // namespace
}  // namespace ordersync::app::telemetry
