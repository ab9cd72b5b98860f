#include "app/status/verdict.hpp"

#include "app/status/assessed.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::status {
namespace {

TEST_F(assessed, all_is_well) {
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::good);
  EXPECT_EQ(found.headline, "Complete and current");
  EXPECT_TRUE(found.findings.empty());
}

TEST_F(assessed, quarantine_and_drift_are_worth_a_look) {
  view.totals.quarantine = {.open = 1, .open_kinds = 1};
  view.totals.drift_paths = 2;
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::notice);
  EXPECT_EQ(found.headline, "Complete and current, but some values are in quarantine");
  ASSERT_EQ(found.findings.size(), 2U);
  EXPECT_EQ(found.findings[0].what,
            "1 kind of values (1 value) could not be stored and was set aside. The orders themselves are stored.");
}

TEST_F(assessed, what_exit_codes_show_comes_before_other_notices) {
  view.totals.quarantine = {.open = 1, .open_kinds = 1};
  view.overload = "the rate is too low";
  EXPECT_EQ(verdict_of().headline, "Complete and current, but some values are in quarantine");
}

TEST_F(assessed, what_is_accepted_in_quarantine_is_no_finding) {
  view.totals.quarantine = {.accepted = 1'204, .accepted_kinds = 3};
  assess_whole(view);
  EXPECT_FALSE(view.incomplete);
  EXPECT_EQ(verdict_of().level, health::good);
  view.totals.quarantine.open = 1'204;
  view.totals.quarantine.open_kinds = 3;
  assess_whole(view);
  EXPECT_TRUE(view.incomplete);
  EXPECT_EQ(
      verdict_of().findings.at(0).what,
      "3 kinds of values (1204 values) could not be stored and were set aside. The orders themselves are stored.");
}

TEST_F(assessed, what_is_wrong_around_the_tables_is_reported) {
  const auto verdict_after = [&](auto change) {
    view.totals.server = {};
    change(view.totals.server);
    return verdict_of();
  };
  const auto old = verdict_after([&](auto& s) { s.held = {"pid 7, user alice, application psql", now - 3h}; });
  EXPECT_EQ(old.level, health::notice);
  EXPECT_NE(old.findings.at(0).what.find("open for 3 h"), std::string::npos);
  EXPECT_EQ(verdict_after([](auto& s) { s.collation = "2.31, now 2.36"; }).level, health::notice);
  EXPECT_EQ(verdict_after([](auto& s) { s.replay_lag = 3s; }).findings.at(0).what,
            "This database is a standby, 3 s behind its primary.");
  EXPECT_EQ(verdict_after([](auto& s) { s.missing_standby = "b"; }).headline, "Commits hang");
  EXPECT_EQ(verdict_after([](auto& s) { s.locked = {"ordersync.orders"}; }).level, health::good) << "a role that reads";
  EXPECT_EQ(verdict_after([](auto& s) {
              s.writer = true;
              s.locked = {"ordersync.orders"};
            }).headline,
            "Database privileges are missing");
}

TEST_F(assessed, what_a_standby_has_not_replayed_is_no_silence_of_the_leader) {
  view.totals.heartbeat_age = 52s;
  EXPECT_FALSE(is_led(view.totals));
  view.totals.server.replay_lag = 50s;
  EXPECT_TRUE(is_led(view.totals));
}

TEST_F(assessed, what_was_never_read_is_caught_up_with) {
  gap({start + 10h, start + 11h}, "", false);
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::catching_up);
  EXPECT_EQ(found.headline, "Catching up: not complete yet");
  EXPECT_EQ(found.findings[0].what, "main: 1 h of creation time is not read yet; 99.0 % is proven.");
}

TEST_F(assessed, nobody_who_leads_is_bad) {
  view.totals.heartbeat_age = 2min;
  EXPECT_EQ(verdict_of().headline, "Nothing is read: no daemon leads");
  EXPECT_EQ(verdict_of().findings[0].what, "The last leading daemon, on shed, was last seen 2 min ago.");
  gap({start + 10h, start + 11h}, "", false);
  view.totals.leader.reset();
  EXPECT_EQ(verdict_of().headline, "Nothing is read: no daemon leads");
  EXPECT_EQ(verdict_of().findings[1].level, health::bad) << "nobody catches up";
}

TEST_F(assessed, a_mirror_that_is_kept_by_hand_is_reported_to_age) {
  view.totals.leader.reset();
  EXPECT_EQ(verdict_of().level, health::notice);
  EXPECT_NE(verdict_of().findings[0].cure.find("takes the lead within seconds"), std::string::npos);
}

TEST_F(assessed, a_database_that_is_away_hides_what_only_it_knows) {
  seen.database = core::failure::database_down;
  view.totals.heartbeat_age = 2min;
  const auto found = verdict_of();
  EXPECT_EQ(found.headline, "The database does not answer");
  EXPECT_EQ(found.findings.size(), 1U);
  seen.view = nullptr;
  EXPECT_EQ(verdict_of().headline, "The database does not answer");
}

TEST_F(assessed, accounts_that_are_not_configured_any_more_do_not_count) {
  gap({start + 10h, start + 11h}, "x", true);
  view.accounts[0].configured = false;
  EXPECT_EQ(verdict_of().level, health::good);
}

TEST_F(assessed, a_limit_that_is_lived_with_is_no_problem) {
  view.accounts[0].limits = {{{.name = "longest_range", .value = 86'400}}};
  EXPECT_EQ(verdict_of().level, health::good);
}

TEST_F(assessed, what_is_refused_for_good_is_bad_and_doctor_is_advised) {
  gap({start + 10h, start + 11h}, "the API answered code 50099", true);
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_NE(found.findings[0].cure.find("`ordersync doctor` finds out what it allows"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::app::status
