// Every verdict that needs somebody is reported as something; what only who looks has to see is not.

#include "app/alerts/condition.hpp"

#include "app/status/assessed.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::alerts {
namespace {

using namespace std::chrono_literals;
using config::alert_kind;
using status::health;
using status::now;
using status::start;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct telling : status::assessed {
  std::vector<condition> sent() { return conditions_of(verdict_of()); }
  void missing(std::chrono::seconds from_end, std::chrono::seconds to_end) {
    const auto end = now - 10s;
    view.accounts[0].complete = tasks::completeness_of({{start, end - from_end}, {end - to_end, end}}, start, now, 10s);
  }
  static store::reports::logged_problem problem(std::string event, std::string failure = {}) {
    store::reports::logged_problem one;
    one.event = std::move(event);
    one.account = "main";
    one.failure = std::move(failure);
    one.first_at = now - 5min;
    one.last_at = now - 1s;
    return one;
  }
};

struct told_case {
  const char* name;
  std::function<void(telling&)> happens;
  std::vector<problem_name> reported;
};

const std::vector<told_case>& cases() {
  using enum alert_kind;
  static const std::vector<told_case> all{
      {"all is well", [](telling&) {}, {}},
      {"a gap",
       [](telling& t) {
         t.gap({start + 1h, start + 2h}, "why", true);
       },
       {{gap, "main"}}},
      {"unproven",
       [](telling& t) {
         t.gap({start + 1h, start + 2h}, "why", false);
       },
       {{gap, "main"}}},
      {"an old range is not read yet", [](telling& t) { t.missing(50h, 40h); }, {}},
      {"the newest orders are missing", [](telling& t) { t.missing(1h, 0h); }, {{behind, "main"}}},
      {"the newest seconds are missing", [](telling& t) { t.missing(20s, 0s); }, {}},
      {"a contradiction", [](telling& t) { t.view.accounts[0].stored.open_contradictions = 1; }, {{gap, "main"}}},
      {"not tested in full", [](telling& t) { t.view.accounts[0].untried = "why"; }, {{gap, "main"}}},
      {"missing in mass",
       [](telling& t) { t.view.accounts[0].missing_in_mass = telling::problem("orders_missing_in_mass"); },
       {{gap, "main"}}},
      {"quarantine", [](telling& t) { t.view.totals.quarantine.open = 1; }, {{gap, ""}}},
      {"refused", [](telling& t) { t.api("refused", 9); }, {{refused, "main"}}},
      {"not permitted", [](telling& t) { t.api("not_permitted", 9); }, {{refused, "main"}}},
      {"unreachable", [](telling& t) { t.api("unreachable", 9); }, {{silent, "main"}}},
      {"untrusted", [](telling& t) { t.api("untrusted", 9); }, {{silent, "main"}}},
      {"invalid replies", [](telling& t) { t.api("unusable_reply", 9); }, {{silent, "main"}}},
      {"rate-limited", [](telling& t) { t.api("overloaded", 9); }, {{silent, "main"}}},
      {"refused while a part is not read yet",
       [](telling& t) {
         t.missing(1h, 0h);
         t.api("refused", 9);
       },
       {{refused, "main"}}},
      {"nothing new is proven",
       [](telling& t) { t.view.accounts[0].stored.last_proven->finished_at = now - 1h; },
       {{silent, "main"}}},
      {"nothing new is proven because of the database",
       [](telling& t) {
         t.view.accounts[0].stored.last_proven->finished_at = now - 1h;
         t.view.totals.problems.push_back(telling::problem("database_retry"));
       },
       {{database, "main"}}},
      {"no daemon leads", [](telling& t) { t.view.totals.heartbeat_age = 1h; }, {{silent, ""}}},
      {"no daemon has led yet, and the mirror is complete", [](telling& t) { t.view.totals.leader.reset(); }, {}},
      {"no daemon has led yet",
       [](telling& t) {
         t.view.totals.leader.reset();
         t.missing(1h, 0h);
       },
       {{silent, ""}}},
      {"no owner",
       [](telling& t) {
         t.view.totals.owners.push_back({"main", "", "", now - 1h, 1min});
       },
       {{silent, "main"}}},
      {"the database is away", [](telling& t) { t.seen.database = core::failure::database_down; }, {{database, ""}}},
      {"it is not ready", [](telling& t) { t.seen.database = core::failure::input; }, {{database, ""}}},
      {"it refuses", [](telling& t) { t.seen.database = core::failure::database; }, {{database, ""}}},
      {"commits hang", [](telling& t) { t.view.totals.server.missing_standby = "a"; }, {{database, ""}}},
      {"privileges are missing",
       [](telling& t) {
         t.view.totals.server.writer = true;
         t.view.totals.server.locked = {"ordersync"};
       },
       {{database, ""}}},
      {"the rate is too low", [](telling& t) { t.view.overload = "too low"; }, {}},
      {"unknown fields", [](telling& t) { t.view.totals.drift_paths = 3; }, {}},
      {"another configuration's proof", [](telling& t) { t.view.accounts[0].other_question = true; }, {}},
  };
  return all;
}

TEST(alerts, tell_what_somebody_has_to_know) {
  struct quiet : telling {
    void TestBody() override {}
  };
  for (const auto& one : cases()) {
    SCOPED_TRACE(one.name);
    quiet mirror;
    one.happens(mirror);
    std::vector<problem_name> names;
    for (const auto& c : mirror.sent()) names.push_back(c.name);
    EXPECT_TRUE(names == one.reported) << ::testing::PrintToString(names.size());
    const auto verdict = mirror.verdict_of();
    EXPECT_EQ(verdict.level == health::bad && names.empty(), false) << "bad, and nothing is reported";
  }
}

struct beginning_case {
  const char* name;
  std::function<void(telling&)> happens;
  std::optional<core::instant> since;
  std::optional<core::instant> seen_at;
};

const std::vector<beginning_case>& beginnings() {
  static const std::vector<beginning_case> all{
      {"failing", [](telling& t) { t.api("unreachable", 9); }, now - 5min, {}},
      {"refused", [](telling& t) { t.api("refused", 9); }, now - 5min, {}},
      {"nothing new is proven",
       [](telling& t) { t.view.accounts[0].stored.last_proven->finished_at = now - 1h; },
       now - 1h,
       {}},
      {"no daemon leads", [](telling& t) { t.view.totals.heartbeat_age = 1h; }, now - 1h, {}},
      {"no owner",
       [](telling& t) {
         t.view.totals.owners.push_back({"main", "", "", now - 1h, 1min});
       },
       now - 1min,
       {}},
      {"the newest orders are missing", [](telling& t) { t.missing(1h, 0h); }, now - 10s - 1h, {}},
      {"a gap",
       [](telling& t) {
         t.gap({start + 1h, start + 2h}, "why", true);
         auto& gaps = t.seen.coverage.back().gaps;
         gaps.push_back(gaps.back());
         gaps[0].last_read = now - 2h;
         gaps[1].last_read = now - 1h;
       },
       {},
       now - 2h},
      {"a contradiction",
       [](telling& t) {
         t.view.accounts[0].stored.open_contradictions = 2;
         t.view.accounts[0].stored.last_contradiction.emplace().found_at = now - 3min;
       },
       {},
       now - 3min},
      {"missing in mass",
       [](telling& t) { t.view.accounts[0].missing_in_mass = telling::problem("orders_missing_in_mass"); },
       {},
       now - 1s},
      {"quarantine",
       [](telling& t) {
         t.view.totals.quarantine.open = 3;
         t.view.totals.quarantine_kinds = {
             {.path = "a", .reason = "r", .open = 1, .first_seen_at = now - 3h},
             {.path = "b", .reason = "r", .open = 1, .first_seen_at = now - 4h},
             {.path = "partly accepted", .reason = "r", .open = 1, .accepted = 1, .first_seen_at = now - 9h},
             {.path = "accepted", .reason = "r", .accepted = 1, .first_seen_at = now - 9h}};
       },
       {},
       now - 4h},
      {"the database is away", [](telling& t) { t.seen.database = core::failure::database_down; }, {}, {}},
  };
  return all;
}

TEST(alerts, tell_when_a_problem_began_where_the_verdict_counts_it) {
  struct quiet : telling {
    void TestBody() override {}
  };
  for (const auto& one : beginnings()) {
    SCOPED_TRACE(one.name);
    quiet mirror;
    one.happens(mirror);
    const auto told = mirror.sent();
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_TRUE(told[0].since == one.since);
    EXPECT_TRUE(told[0].seen_at == one.seen_at);
  }
}

TEST_F(telling, says_in_a_headline_what_holds_beside_others_too) {
  view.totals.quarantine.open = 1;
  EXPECT_EQ(verdict_of().headline, "Complete and current, but some values are in quarantine");
  EXPECT_EQ(sent().at(0).headline, "Some values are in quarantine");
  api("refused", 9);
  EXPECT_EQ(sent().at(0).headline, verdict_of().headline);
}

TEST_F(telling, leaves_out_what_a_verdict_says_of_its_own_figures) {
  seen.database = core::failure::database_down;
  ASSERT_THAT(sent(), SizeIs(1));
  EXPECT_EQ(sent()[0].what, "The database cannot be reached.");
}

TEST_F(telling, says_of_an_account_the_worst_of_a_kind) {
  gap({start + 1h, start + 2h}, "why", true);
  view.accounts[0].untried = "the reason";
  EXPECT_THAT(sent(), SizeIs(1));
}

}  // namespace
}  // namespace ordersync::app::alerts
