#include "app/status/verdict.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::status {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t a_day = 86'400;  // seconds

const core::second start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};
const core::second now = start + 100h;

struct assessed : ::testing::Test {
  status_view view;
  situation seen;

  assessed() {
    view.totals.leader.emplace();
    view.totals.leader->who.host = "shed";
    view.totals.leader->heartbeat_at = now;
    view.totals.heartbeat_age = 300ms;
    account_view account;
    account.stored.account = "main";
    account.stored.scope = "s";
    account.stored.last_proven = {{start, now}, "live", now - 1s};
    account.complete = tasks::completeness_of({{start, now - 1s}}, start, now, 10s);
    view.accounts.push_back(account);
    seen.now = now;
    seen.view = &view;
  }
  void gap(core::window w, std::string reason, bool failed) {
    view.accounts[0].complete = tasks::completeness_of({{start, w.begin}, {w.end, now}}, start, now, 10s);
    store::reports::coverage_report report;
    report.account = "main";
    report.gaps.push_back({w, std::move(reason), std::nullopt, failed});
    seen.coverage.push_back(report);
  }
  void api(std::string failure, std::int64_t times) {
    seen.api["main"] = {.failing_since = now - 5min,
                        .failures = times,
                        .failure = std::move(failure),
                        .same_failure_since = now - 5min,
                        .same_failures = times};
  }
  verdict verdict_of() { return assess(seen); }
};

TEST_F(assessed, all_is_well) {
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::good);
  EXPECT_EQ(found.headline, "Complete and current");
  EXPECT_TRUE(found.findings.empty());
}

TEST_F(assessed, quarantine_and_drift_are_worth_a_look) {
  view.totals.open_quarantine = 1;
  view.totals.drift_paths = 2;
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::notice);
  EXPECT_EQ(found.headline, "Complete and current, but some values are in quarantine");
  ASSERT_EQ(found.findings.size(), 2U);
  EXPECT_EQ(found.findings[0].what, "1 value could not be stored and was set aside. The orders themselves are stored.");
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

TEST_F(assessed, a_gap_with_a_reason_is_bad_and_reported_with_it) {
  gap({start + 10h, start + 11h}, "the total changed", false);
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Not complete: there are gaps");
  EXPECT_EQ(found.findings[0].what, "main: 1 gap, 1 h in total, were read but not proven: the total changed.");
}

TEST_F(assessed, what_failed_otherwise_before_counts_but_not_to_this) {
  api("refused", 215);
  seen.api["main"].same_failure_since = now - 4s;
  seen.api["main"].same_failures = 2;
  EXPECT_EQ(verdict_of().findings[0].what, "main: the API refuses the credentials, for 4 s now, over 2 tries.");
}

TEST_F(assessed, who_makes_no_requests_knows_of_the_api_by_what_the_leader_has_stored) {
  view.totals.leader->who.id = "leader";
  view.accounts[0].stored.last_proven->finished_at = now - 49s;
  store::reports::logged_problem problem{.event = "request_retry", .account = "main", .failure = "unreachable"};
  problem.instance = "leader";
  problem.first_at = now - 3h;
  problem.last_at = now - 1s;
  view.totals.problems = {problem};
  const auto found = verdict_of();
  EXPECT_EQ(found.headline, "The API does not answer");
  EXPECT_EQ(found.findings[0].what, "main: the API does not answer, for 49 s now.");
  view.totals.problems[0].failure = "refused";
  view.accounts[0].stored.last_proven->finished_at = now - 3min;
  EXPECT_EQ(verdict_of().headline, "The API refuses the credentials") << "rather than that nothing new is proven";
  view.totals.problems[0].instance = "former";
  EXPECT_EQ(verdict_of().headline, "Nothing new is proven");
  view.totals.problems = {problem};
  view.accounts[0].stored.last_proven->finished_at = now - 5s;
  EXPECT_EQ(verdict_of().headline, "Complete and current") << "it has answered since";
  view.accounts[0].stored.last_proven->finished_at = now - 49s;
  seen.api["main"] = {.last_ok = now - 1s};
  EXPECT_EQ(verdict_of().headline, "Complete and current") << "who makes the requests knows better";
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

TEST_F(assessed, two_failures_are_no_news) {
  api("unreachable", 2);
  EXPECT_EQ(verdict_of().level, health::good);
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

TEST_F(assessed, is_never_complete_while_a_contradiction_is_open) {
  auto& stored = view.accounts[0].stored;
  stored.open_contradictions = 2;
  stored.last_contradiction = {
      now - 5min, "slice", store::coverage::whole_time_line, 12, 14, "an audit: two are missing", {}};
  auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Completeness in doubt: a proof turned out wrong");
  EXPECT_EQ(
      found.findings[0].what,
      "main: 2 proofs turned out wrong and are not proven again yet; the last, 5 min ago, by slice: 12 expected, 14 "
      "found: an audit: two are missing.");
  EXPECT_NE(found.findings[0].cure.find("ordersync coverage"), std::string::npos);
  stored.last_contradiction->resolved_at = now - 1min;
  EXPECT_EQ(verdict_of().findings[0].what, "main: 2 proofs turned out wrong and are not proven again yet.");
  stored.open_contradictions = 0;
  EXPECT_EQ(verdict_of().level, health::good) << "one that is resolved is no problem any more";
}

TEST_F(assessed, the_counts_of_a_contradiction_are_named_by_what_they_count) {
  const auto text = [](std::string way, std::int64_t expected, std::int64_t found) {
    return contradiction_text(
        {now - 1min, std::move(way), store::coverage::whole_time_line, expected, found, "why", {}}, now);
  };
  EXPECT_EQ(text("range", 30 * a_day, 7 * a_day), "1 min ago, by range: 30 d requested, complete only up to 7 d: why");
  EXPECT_EQ(text("total", 0, 10'000), "1 min ago, by total: counts stop at 10000: why");
  EXPECT_EQ(text("filter", 0, 0), "1 min ago, by filter: why");
  EXPECT_EQ(text("status", 7, 5), "1 min ago, by status: 7 expected, 5 found: why");
}

TEST_F(assessed, is_never_complete_while_the_api_could_not_be_tried_in_full) {
  view.accounts[0].untried = "its time zone seems to be 1 h 00 min ahead of api.time_zone (+08:00): set it to +09:00";
  auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Completeness in doubt: the API could not be tested in full");
  EXPECT_NE(found.findings[0].what.find("set it to +09:00."), std::string::npos) << found.findings[0].what;
  EXPECT_EQ(found.findings[0].cure, "Set `api.time_zone` to the zone in the reason, then reload.");
  view.accounts[0].untried = "another reason";
  EXPECT_NE(verdict_of().findings[0].cure.find("`ordersync doctor`"), std::string::npos);
  view.accounts[0].configured = false;
  EXPECT_EQ(verdict_of().level, health::good);
}

TEST_F(assessed, is_never_complete_while_orders_are_missing_in_mass) {
  view.accounts[0].missing_in_mass = {.event = "orders_missing_in_mass", .fields = {{"orders", "60"}, {"held", "900"}}};
  const auto found = verdict_of();
  EXPECT_EQ(found.level, health::bad);
  EXPECT_EQ(found.headline, "Completeness in doubt: many orders disappeared at once");
  EXPECT_NE(found.findings[0].what.find("60 of 900 stored orders"), std::string::npos) << found.findings[0].what;
}

struct slow : assessed {
  slow() {
    seen.requests = request_limits{.timeout = 30s, .in_flight = 4, .per_second = 10, .page_size = 50};
    seen.api["main"].average = 29s;
    view.accounts[0].stored.orders = 9'900;
    view.accounts[0].stored.proven = {{start, start + 99h}};
  }
  std::string what() {
    for (const auto& found : verdict_of().findings)
      if (found.what.find("replies take") != std::string::npos) return found.what;
    return {};
  }
};

TEST_F(slow, answers_are_reported_as_such) {
  EXPECT_EQ(verdict_of().level, health::notice);
  EXPECT_EQ(what(), "main: replies take 29.0 s, and the timeout is 30 s.");
  seen.api["main"].average = 10s;
  EXPECT_EQ(what(), "") << "a third is nothing unusual";
  seen.api["main"].average.reset();
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
