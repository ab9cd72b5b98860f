#include "cli/text/status_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ordersync::cli::text {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t a_day = 86'400;  // seconds

constexpr core::second noon{std::chrono::seconds{1'715'054'400}};

std::string utc(core::second t) {
  return core::to_text(t);
}

app::status::account_view account(const std::string& name) {
  app::status::account_view view;
  view.stored.account = name;
  view.stored.orders = 70;
  view.stored.last_proven = store::reports::proven_sweep{{noon - 60s, noon - 4s}, "live", noon - 3s};
  view.complete.through = noon - 4s;
  view.complete.behind = 4s;
  return view;
}

app::status::status_view well() {
  app::status::status_view view;
  view.at = noon;
  view.accounts.push_back(account("main"));
  view.totals.orders = 70;
  view.totals.order_items = 120;
  view.totals.leader = store::leadership::leader_info{{"id-1", "host", 7, "0.1"}, 2, noon - 1h, noon};
  view.totals.heartbeat_age = 300ms;
  view.totals.tiers = {{"main", 2h, 60s, noon - 50s, false, noon}, {"main", 72h, 900s, noon - 890s, false, noon}};
  return view;
}

std::vector<std::string> lines_of(const app::status::status_view& view) {
  return status_lines(view, app::status::assess({.now = view.at, .view = &view}), utc);
}

std::string joined(const app::status::status_view& view) {
  std::string text;
  for (const auto& one : lines_of(view)) text += one + "\n";
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

app::status::status_view with_gap() {
  auto view = well();
  view.incomplete = true;
  view.accounts[0].complete.gaps = {{noon - 3h, noon - 2h}};
  view.totals.quarantine = {.open = 1'204, .open_kinds = 3, .accepted = 54, .accepted_kinds = 2};
  view.totals.drift_paths = 4;
  view.totals.drift = {{"a", noon, noon, 1}, {"b", noon, noon, 1}, {"c", noon, noon, 1}, {"d", noon, noon, 1}};
  return view;
}

TEST(status_lines, begin_with_the_verdict_and_ask_for_nothing_when_all_is_well) {
  const auto text = joined(well());
  EXPECT_TRUE(text.starts_with("Complete and current: 70 orders with 120 lines at 2024-05-07T04:00:00Z")) << text;
  EXPECT_TRUE(
      contains(text, "main        complete through 2024-05-07T03:59:56Z, 4 s ago, no gaps; last success 3 s ago"))
      << text;
  EXPECT_TRUE(contains(text, "leads since")) << text;
  EXPECT_FALSE(contains(text, "to do")) << text;
}

TEST(status_lines, are_eight_when_all_is_well_and_eleven_with_a_gap) {
  EXPECT_EQ(lines_of(well()).size(), 8U) << joined(well());
  const auto text = joined(with_gap());
  EXPECT_EQ(lines_of(with_gap()).size(), 11U) << text;
  EXPECT_TRUE(contains(text,
                       "data issues 3 kinds of values in quarantine (1204 values); 2 kinds accepted (54 values): see "
                       "ordersync quarantine list; 4 unknown fields"))
      << text;
  EXPECT_TRUE(text.starts_with("Catching up: not complete yet: 70 orders")) << text;
  EXPECT_TRUE(contains(text, "why         main: 1 h of creation time is not read yet")) << text;
  EXPECT_TRUE(contains(text, "1 gap of 1 h;")) << text;
  EXPECT_TRUE(contains(text, "the first gap: 2024-05-07T01:00:00Z to 2024-05-07T02:00:00Z")) << text;
  EXPECT_TRUE(contains(text, "4 unknown fields or values: a, b, c, ...")) << text;
}

TEST(status_lines, have_the_remedy_behind_the_verdict_where_a_screen_may_end_early) {
  const auto view = with_gap();
  const auto verdict = app::status::assess({.now = view.at, .view = &view});
  const auto at_end = status_lines(view, verdict, utc);
  const auto early = status_lines(view, verdict, utc, {}, remedy::after_verdict);
  ASSERT_EQ(early.size(), at_end.size());
  EXPECT_EQ(early[0], at_end[0]);
  EXPECT_EQ(early[1], at_end[at_end.size() - 2]);
  EXPECT_EQ(early[2], at_end.back());
  EXPECT_TRUE(early[2].starts_with("to do ")) << early[2];
  EXPECT_EQ(early[3], at_end[1]);
}

TEST(status_lines, show_each_limit_of_the_api_in_a_line_of_its_own) {
  auto view = well();
  view.accounts[0].limits = {
      {{.name = "longest_range", .value = 604'800, .since = noon - 2h, .found_by = "a range of 8 d was refused"}},
      {{.name = "nearest_end", .value = 120}, true}};
  view.accounts[0].settle = 120s;
  EXPECT_EQ(lines_of(view).size(), lines_of(well()).size() + 2) << joined(view);
  EXPECT_TRUE(contains(
      joined(view), "            limit: longest_range 7 d; since 2024-05-07T02:00:00Z: a range of 8 d was refused\n"))
      << joined(view);
  EXPECT_TRUE(contains(joined(view),
                       "limit: nearest_end 2 min before now, so orders are read 2 min after their "
                       "creation; set by api.limits\n"))
      << joined(view);
  EXPECT_TRUE(joined(view).starts_with("Complete and current: ")) << joined(view);
}

TEST(status_lines, show_how_much_was_audited) {
  auto view = well();
  EXPECT_TRUE(contains(joined(view), "audited: nothing in 31 days\n")) << joined(view);
  view.totals.leader.reset();
  EXPECT_FALSE(contains(joined(view), "audited")) << "nobody audits";
  view.accounts[0].stored.audited = {.day = {.checks = 41, .orders = 52, .seconds = 3 * a_day},
                                     .month = {.checks = 800, .orders = 1'200, .seconds = 60 * a_day}};
  EXPECT_TRUE(contains(joined(view),
                       "audited since yesterday: 41 checks of 52 orders in 3 d of creation time; in 31 "
                       "days: 800 checks of 1200 orders in 60 d of creation time\n"))
      << joined(view);
}

TEST(status_lines, show_an_open_contradiction_with_its_counts) {
  auto view = well();
  view.accounts[0].stored.open_contradictions = 1;
  view.accounts[0].stored.last_contradiction = {noon - 5min, "slice", store::coverage::whole_time_line, 12, 14,
                                                "why",       {}};
  EXPECT_TRUE(
      contains(joined(view), "proofs found wrong: 1 open; the last, 5 min ago, by slice: 12 expected, 14 found: why"))
      << joined(view);
  EXPECT_TRUE(joined(view).starts_with("Completeness in doubt: a proof turned out wrong: ")) << joined(view);
}

store::reports::logged_problem retry() {
  return {.instance = "id-1",
          .event = "request_retry",
          .account = "main",
          .failure = "unreachable",
          .first_at = noon - 2h,
          .last_at = noon - 90s,
          .count = 3,
          .fields = {{"account", "main"}, {"reason", "no reply in time"}, {"window", "17-3.2"}}};
}

TEST(status_lines, show_the_last_problem_whether_it_is_over_or_not) {
  auto view = well();
  EXPECT_TRUE(contains(joined(view), "problems    none reported by a daemon")) << joined(view);
  view.totals.problems = {retry()};
  EXPECT_TRUE(contains(joined(view),
                       "problems    1 min 30 s ago: request_retry of main, window 17-3.2, unreachable: no reply in "
                       "time; 3 times since 2024-05-07T02:00:00Z\n"))
      << joined(view);
  view.totals.problems = {{.event = "values_quarantined",
                           .last_at = noon + 1s,
                           .count = 1,
                           .fields = {{"job", "3"}, {"quarantined", "31"}}},
                          retry(),
                          retry()};
  view.totals.problems[2].last_at = noon - 25h;
  EXPECT_TRUE(contains(joined(view),
                       "problems    0 s ago: values_quarantined: quarantined=31; 1 other in a day: see status --json"))
      << joined(view);
}

TEST(status_lines, show_when_alerts_were_sent_and_failed_where_there_are_any) {
  auto view = well();
  view.totals.last_alert = noon - 1h;
  EXPECT_FALSE(contains(joined(view), "alerts")) << joined(view);
  view.alerts = 1;
  EXPECT_TRUE(contains(joined(view), "alerts      last sent 1 h ago\n")) << joined(view);
  view.alerts = 0;
  view.totals.last_alert.reset();
  view.totals.problems = {{.event = "alert_failed",
                           .last_at = noon - 5min,
                           .count = 1,
                           .fields = {{"webhook", "ops"}, {"reason", "no reply in time"}}}};
  EXPECT_TRUE(
      contains(joined(view), "alerts      none sent of late; last failed 5 min ago, to ops: no reply in time\n"))
      << joined(view);
}

TEST(status_lines, fold_the_tiers_into_the_one_that_is_worst) {
  auto view = well();
  EXPECT_TRUE(contains(joined(view), "all 2 tiers on time; the stalest: main, orders under 3 d old: ")) << joined(view);
  view.totals.tiers[0].behind = true;
  EXPECT_TRUE(contains(joined(view), "1 of 2 tiers BEHIND; the worst: main, orders under 2 h old")) << joined(view);
  EXPECT_TRUE(contains(joined(view), "to do       After an outage, wait. If it persists, raise `sync.rate`"))
      << joined(view);
}

TEST(status_lines, say_how_old_the_report_of_the_tiers_is) {
  auto view = well();
  for (auto& tier : view.totals.tiers) tier.updated_at -= 5min;
  EXPECT_TRUE(
      contains(joined(view), "refreshed 9 min 50 s ago at the latest (target: every 15 min), measured 5 min ago\n"))
      << joined(view);
}

TEST(status_lines, do_not_take_a_tier_that_was_never_read_for_one_that_keeps_its_pace) {
  auto view = well();
  view.totals.tiers[1].oldest_read_at.reset();
  EXPECT_TRUE(contains(joined(view), "1 of 2 tiers not fully refreshed yet: main, orders under 3 d old: not"))
      << joined(view);
}

TEST(status_lines, say_what_to_do_by_whether_a_daemon_is_at_work) {
  auto view = with_gap();
  view.totals.heartbeat_age = 60s;
  EXPECT_TRUE(contains(joined(view), "to do       Start one (`ordersync run`")) << joined(view);
  EXPECT_TRUE(contains(joined(view), "none leads; the last leader, id-1 on host, was last seen 1 min ago"))
      << joined(view);
  view = well();
  view.totals.quarantine = {.open = 1, .open_kinds = 1};
  EXPECT_TRUE(contains(joined(view), "to do       `ordersync quarantine list`")) << joined(view);
  EXPECT_TRUE(contains(joined(view), "data issues 1 kind of values in quarantine (1 value): see")) << joined(view);
  view.totals.quarantine = {.accepted = 5, .accepted_kinds = 1};
  EXPECT_TRUE(contains(
      joined(view), "data issues nothing in quarantine that is not accepted; 1 kind accepted (5 values); no unknown"))
      << joined(view);
  EXPECT_FALSE(contains(joined(view), "to do")) << joined(view);
}

app::status::status_view with_accounts(int more) {
  auto view = well();
  for (int i = 0; i < more; ++i) view.accounts.push_back(account("account " + std::to_string(i)));
  return view;
}

std::string shown(const app::status::status_view& view, const account_choice& choice = {}) {
  std::string text;
  const auto verdict = app::status::assess({.now = view.at, .view = &view});
  for (const auto& one : status_lines(view, verdict, utc, choice)) text += one + "\n";
  return text;
}

TEST(status_lines, sum_up_more_than_one_account) {
  auto view = with_accounts(3);
  view.accounts[1].stands = app::status::standing::failing;
  view.accounts[3].stands = app::status::standing::behind;
  const auto text = shown(view);
  EXPECT_TRUE(contains(text, "accounts    4: 2 current, 1 behind, 1 failing\n")) << text;
  EXPECT_LT(text.find("\naccount 0 "), text.find("\naccount 2 ")) << text;
  EXPECT_LT(text.find("\naccount 2 "), text.find("\nmain ")) << text;
  EXPECT_FALSE(contains(shown(well()), "accounts  ")) << shown(well());
}

TEST(status_lines, show_the_twenty_worst_of_many_accounts_and_how_many_more_there_are) {
  auto view = with_accounts(499);
  view.accounts[400].stands = app::status::standing::failing;
  const auto text = shown(view);
  EXPECT_LT(std::ranges::count(text, '\n'), 50) << text;  // two an account, and the rest
  EXPECT_TRUE(contains(text, "\naccount 399 ")) << text;
  EXPECT_TRUE(contains(text, "480 more accounts, none of them worse: see status --all or --account NAME\n")) << text;
  EXPECT_TRUE(contains(shown(view, {.all = true}), "\naccount 498 "));
  EXPECT_FALSE(contains(shown(view, {.all = true}), "more account"));
}

TEST(status_lines, show_one_account_alone) {
  const auto text = shown(with_accounts(499), {.name = "account 7"});
  EXPECT_TRUE(contains(text, "\naccount 7 ")) << text;
  EXPECT_FALSE(contains(text, "\naccount 8 ")) << text;
  EXPECT_FALSE(contains(text, "more account")) << text;
}

TEST(status_lines, say_what_the_rate_cannot_carry) {
  auto view = well();
  view.overload = "200 accounts need more";
  EXPECT_TRUE(contains(shown(view), "rate        200 accounts need more\n")) << shown(view);
}

}  // namespace
}  // namespace ordersync::cli::text
