#include "app/status/progress_findings.hpp"

#include "app/status/assessed.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ordersync::app::status {
namespace {

TEST_F(assessed, a_daemon_that_leads_and_stores_nothing_is_no_catching_up) {
  gap({now - 5min, now}, "", false);
  view.totals.leader->since = now - 10h;
  view.accounts[0].stored.last_proven = {{start, now - 3min}, "live", now - 3min};
  view.success_timeout = 4min;
  EXPECT_EQ(verdict_of().level, health::catching_up);
  view.success_timeout = 2min;
  view.totals.problems = {{.event = "window_gap", .account = "other", .last_at = now - 1min},
                          {.event = "database_retry", .last_at = now - 1min, .fields = {{"reason", "disk full"}}}};
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Nothing new is proven");
  EXPECT_EQ(
      found.findings[0].what,
      "main: a daemon is leading, but nothing new was proven for 3 min; its last problem: database_retry: disk full.");
  view.totals.problems.clear();
  EXPECT_EQ(verdict_of().findings[0].what, "main: a daemon is leading, but nothing new was proven for 3 min.");
  view.accounts[0].complete.expected.end = start;
  EXPECT_NE(verdict_of().headline, "Nothing new is proven") << "nothing is due";
  view.accounts[0].complete.expected.end = now;
  view.totals.leader->since = now - 1min;
  EXPECT_EQ(verdict_of().level, health::catching_up) << "one that has just taken the lead is given its time";
}

TEST_F(assessed, a_clock_that_is_ahead_raises_no_alarm) {
  seen.now = now + 24h;
  EXPECT_EQ(verdict_of().level, health::good);
}

TEST_F(assessed, every_look_at_the_database_knows_of_the_api_what_the_accounts_owner_stored) {
  view.totals.leader->who.id = "leader";
  api("unreachable", 4);
  EXPECT_EQ(verdict_of().findings[0].what, "main: the API does not answer, for 5 min now, over 4 tries.");
  seen.api["main"] = {.last_ok = now - 1s};
  EXPECT_EQ(verdict_of().headline, "The API does not answer") << "what this process knows besides counts for nothing";
  view.totals.owners = {{.account = "main", .owner = "worker"}};
  EXPECT_EQ(verdict_of().headline, "Complete and current") << "the account has another owner by now";
  view.totals.api[0].instance = "worker";
  EXPECT_EQ(verdict_of().headline, "The API does not answer");
  view.totals.api[0] = {.account = "main", .instance = "worker"};
  EXPECT_EQ(verdict_of().headline, "Complete and current") << "it answers";
}

TEST_F(assessed, a_daemon_without_its_database_knows_of_the_api_by_its_own_requests) {
  seen.database = core::failure::database_down;
  const auto fails = [&](std::int64_t times) {
    seen.api["main"] = {.failing_since = now - 5min,
                        .failures = times,
                        .failure = "unreachable",
                        .same_failure_since = now - 5min,
                        .same_failures = times};
    const auto found = verdict_of().findings;
    return std::ranges::any_of(found, [](const auto& one) { return one.headline == "The API does not answer"; });
  };
  EXPECT_TRUE(fails(3));
  EXPECT_FALSE(fails(2)) << "two are no news";
}

TEST_F(assessed, an_api_that_fails_comes_first_and_with_its_cure) {
  gap({now - 2min, now}, "", false);
  api("refused", 9);
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "The API refuses the credentials");
  EXPECT_EQ(found.findings[0].what, "main: the API refuses the credentials, for 5 min now, over 9 tries.");
  EXPECT_NE(found.findings[0].cure.find("access key"), std::string::npos);
}

struct slow : assessed {
  slow() {
    seen.requests = request_limits{.timeout = 30s, .in_flight = 4, .per_second = 10, .page_size = 50};
    view.totals.api = {{.account = "main", .instance = view.totals.leader->who.id, .answer = 29s}};
    view.accounts[0].stored.orders = 9'900;
    view.accounts[0].stored.proven = {{start, start + 99h}};
  }
  std::string what() {
    for (const auto& found : verdict_of().findings)
      if (found.what.find("replies take") != std::string::npos) return found.what;
    return {};
  }
};

TEST_F(assessed, an_api_that_does_not_permit_the_calls_answers) {
  api("not_permitted", 9);
  EXPECT_EQ(verdict_of().headline, "The API does not permit what ordersync asks");
  EXPECT_NE(verdict_of().findings.at(0).cure.find("Ask the vendor to permit"), std::string::npos);
}

TEST_F(slow, answers_are_reported_as_such) {
  EXPECT_EQ(verdict_of().level, health::notice);
  EXPECT_EQ(what(), "main: replies take 29.0 s, and the timeout is 30 s.");
  view.totals.api[0].answer = 10s;
  EXPECT_EQ(what(), "") << "a third is nothing unusual";
  view.totals.api[0].answer.reset();
  EXPECT_EQ(what(), "") << "too few requests";
}

TEST_F(slow, answers_are_reported_with_what_the_backlog_takes) {
  gap({start + 10h, start + 20h}, "", false);
  // 1,000 orders by what the proven hours hold: 20 pages, 4 at once.
  view.accounts[0].stored.proven = {{start, start + 99h}};
  EXPECT_EQ(what(),
            "main: replies take 29.0 s, and the timeout is 30 s; at this pace the backlog of about 20 requests takes "
            "about 2 min "
            "25 s.");
  EXPECT_EQ(verdict_of().headline, "Catching up: not complete yet");
  view.accounts[0].stored.proven.clear();
  EXPECT_EQ(what(), "main: replies take 29.0 s, and the timeout is 30 s; the size of the backlog is unknown.");
}

TEST_F(slow, answers_are_reported_with_what_open_backfills_wait_for) {
  view.totals.open_jobs = {{.account = "main", .orders = 100, .expected_orders = 1'100}, {.account = "other"}};
  EXPECT_NE(what().find("about 20 requests takes about 2 min 25 s."), std::string::npos) << what();
  view.totals.open_jobs[0].expected_orders.reset();
  EXPECT_NE(what().find("is unknown"), std::string::npos) << what();
  view.totals.open_jobs[0].state = store::jobs::job_state::paused;
  EXPECT_EQ(what(), "main: replies take 29.0 s, and the timeout is 30 s.");
}

TEST_F(slow, the_rate_may_be_the_slower_part) {
  seen.requests->per_second = 0.1;
  gap({start + 10h, start + 20h}, "", false);
  EXPECT_NE(what().find("about 20 requests takes about 3 min 20 s."), std::string::npos) << what();
}

}  // namespace
}  // namespace ordersync::app::status
