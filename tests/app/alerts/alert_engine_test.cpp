// When something is reported, and when not: decided without a clock, a socket or a database.

#include "app/alerts/alert_engine.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ordersync::app::alerts {
namespace {

using namespace std::chrono_literals;
using config::alert_kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const core::instant start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};
const std::vector<alert_kind> everything{alert_kind::gap,      alert_kind::behind, alert_kind::refused,
                                         alert_kind::database, alert_kind::silent, alert_kind::recovered};

condition of(alert_kind kind, std::string account = "main") {
  return {{kind, std::move(account)}, "what", "cure"};
}

struct alerting : ::testing::Test {
  alert_engine engine{{.on = everything, .settle = 2min}};
  std::map<std::string, std::optional<core::instant>, std::less<>> proven;

  std::vector<message> look(std::chrono::milliseconds at, std::vector<condition> conditions) {
    return engine.step({.now = start + at, .conditions = std::move(conditions), .proven = proven});
  }
  // Every ten seconds from one moment to before the other, each message accepted at once: "12:00 firing gap:main".
  std::vector<std::string> watch(std::chrono::seconds from, std::chrono::seconds to,
                                 const std::vector<condition>& conditions) {
    std::vector<std::string> log;
    for (auto at = from; at < to; at += 10s)
      for (const auto& m : look(at, conditions)) {
        engine.conclude(m, true, start + at);
        log.push_back(std::to_string(at.count()) + text_of(m));
      }
    return log;
  }
  static std::string text_of(const message& m) {
    std::string text = std::string(" ") + name(m.state);
    for (const auto& problem : m.problems) {
      text += std::string(" ") + std::to_string(static_cast<int>(problem.kind)) + ":";
      for (const auto& account : problem.accounts) text += account + ",";
    }
    return text;
  }
  static std::string kind_text(alert_kind kind) { return std::to_string(static_cast<int>(kind)); }
};

TEST_F(alerting, tells_what_lasts_for_the_settle_time_once) {
  EXPECT_THAT(watch(0s, 3600s, {of(alert_kind::gap)}), ElementsAre("120 firing 0:main,"));
}

// A restart moves nothing, and the message does not contradict its own text.
TEST_F(alerting, tells_since_when_as_the_verdict_counts) {
  auto one = of(alert_kind::silent);
  one.since = start - 1h;
  EXPECT_THAT(look(0s, {one}), IsEmpty());  // it has to last here, too
  auto due = look(120s, {one});
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].problems.at(0).since, start - 1h);
  engine.conclude(due[0], false, start + 130s);
  one.since = start + 1500s;  // "for 10 s now"
  due = look(1510s, {one});
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].problems.at(0).since, start + 1500s);
  one.since = start + 9000s;  // another clock is ahead
  engine.forget_sending();
  due = look(1520s, {one});
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].problems.at(0).since, start + 1520s);
}

TEST_F(alerting, tells_the_earliest_time_at_which_it_was_there_where_its_beginning_is_not_known) {
  auto one = of(alert_kind::gap);
  look(0s, {one});
  one.seen_at = start - 1h;
  look(60s, {one});
  one.seen_at = start + 110s;  // it was read again
  const auto due = look(120s, {one});
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].problems.at(0).since, start - 1h);
}

TEST_F(alerting, keeps_since_when_it_was_reported_over_a_restart) {
  auto one = of(alert_kind::silent);
  one.since = start - 1h;
  watch(0s, 200s, {one});
  alert_engine next{{.on = everything, .settle = 2min}};
  next.restore(engine.sent());
  one.since = start + 200s;
  next.step({.now = start + 210s, .conditions = {one}, .proven = {}});
  ASSERT_THAT(next.sent(), SizeIs(1));
  EXPECT_EQ(next.sent()[0].since, start - 1h);
}

TEST_F(alerting, heads_a_message_with_the_worst_of_a_kind) {
  auto notice = of(alert_kind::gap, "");
  notice.headline = "Some values are in quarantine";
  notice.level = status::health::notice;
  auto bad = of(alert_kind::gap);
  bad.headline = "Not complete";
  look(0s, {notice, bad});
  const auto due = look(120s, {notice, bad});
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].problems.at(0).headline, "Not complete");
  look(130s, {notice});
  const auto left = engine.still_true(due[0]);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->problems.at(0).headline, "");
}

TEST_F(alerting, says_nothing_of_what_passes_before) {
  EXPECT_THAT(watch(0s, 110s, {of(alert_kind::gap)}), IsEmpty());
  EXPECT_THAT(watch(110s, 130s, {}), IsEmpty());
  EXPECT_THAT(watch(130s, 240s, {of(alert_kind::gap)}), IsEmpty());
}

TEST_F(alerting, tells_that_it_is_over_after_the_settle_time_too) {
  watch(0s, 200s, {of(alert_kind::gap)});
  EXPECT_THAT(watch(200s, 310s, {}), IsEmpty());
  EXPECT_THAT(watch(310s, 600s, {}), ElementsAre("320 recovered 0:main,"));
  EXPECT_THAT(watch(600s, 7200s, {}), IsEmpty());
}

TEST_F(alerting, does_not_take_a_short_pause_for_the_end) {
  watch(0s, 200s, {of(alert_kind::gap)});
  for (auto at = 200s; at < 7200s; at += 120s) {
    EXPECT_THAT(watch(at, at + 60s, {}), IsEmpty());
    EXPECT_THAT(watch(at + 60s, at + 120s, {of(alert_kind::gap)}), IsEmpty());
  }
}

TEST_F(alerting, sends_of_a_kind_that_flaps_a_message_and_its_end_in_a_quarter_of_an_hour) {
  std::vector<std::string> all;
  for (auto at = 0s; at < 3600s; at += 360s) {
    for (auto& one : watch(at, at + 180s, {of(alert_kind::gap)})) all.push_back(one);
    for (auto& one : watch(at + 180s, at + 360s, {})) all.push_back(one);
  }
  EXPECT_LE(all.size(), 2U * 4U);
  EXPECT_GE(all.size(), 2U * 3U);
}

TEST_F(alerting, folds_what_comes_together_into_one_message) {
  EXPECT_THAT(watch(0s, 600s, {of(alert_kind::refused, "a"), of(alert_kind::refused, "b"), of(alert_kind::gap, "c")}),
              ElementsAre("120 firing 0:c, 2:a,b,"));
}

TEST_F(alerting, tells_of_another_account_when_the_pause_is_over) {
  watch(0s, 200s, {of(alert_kind::gap, "a")});
  EXPECT_THAT(watch(200s, 2000s, {of(alert_kind::gap, "a"), of(alert_kind::gap, "b")}),
              ElementsAre("1020 firing 0:b,"));
}

TEST_F(alerting, does_not_hold_back_one_kind_for_another) {
  watch(0s, 200s, {of(alert_kind::gap)});
  EXPECT_THAT(watch(200s, 600s, {of(alert_kind::gap), of(alert_kind::silent)}), ElementsAre("320 firing 4:main,"));
}

TEST_F(alerting, tells_only_what_is_asked_for) {
  engine.use({.on = {alert_kind::gap}, .settle = 2min});
  EXPECT_THAT(watch(0s, 600s, {of(alert_kind::gap), of(alert_kind::silent)}), ElementsAre("120 firing 0:main,"));
  EXPECT_THAT(watch(600s, 1200s, {}), IsEmpty());
  EXPECT_THAT(watch(1200s, 1800s, {of(alert_kind::gap)}), ElementsAre("1320 firing 0:main,"));
}

TEST_F(alerting, repeats_nothing_after_a_restart) {
  watch(0s, 200s, {of(alert_kind::gap)});
  alert_engine next{{.on = everything, .settle = 2min}};
  next.restore(engine.sent());
  engine = next;
  EXPECT_THAT(watch(200s, 2000s, {of(alert_kind::gap)}), IsEmpty());
  EXPECT_THAT(watch(2000s, 3000s, {}), ElementsAre("2120 recovered 0:main,"));
}

TEST_F(alerting, keeps_the_pause_over_a_restart) {
  watch(0s, 200s, {of(alert_kind::gap)});
  watch(200s, 400s, {});
  alert_engine next{{.on = everything, .settle = 2min}};
  next.restore(engine.sent());
  engine = next;
  EXPECT_THAT(watch(400s, 2000s, {of(alert_kind::gap)}), ElementsAre("1020 firing 0:main,"));
}

TEST_F(alerting, forgets_what_has_been_over_for_long) {
  watch(0s, 200s, {of(alert_kind::gap)});
  watch(200s, 400s, {});
  EXPECT_THAT(engine.sent(), SizeIs(1));
  watch(400s, 1400s, {});
  EXPECT_THAT(engine.sent(), IsEmpty());
}

// A daemon that starts has not made a request yet: that it knows of no failure is no sign that they are over.
TEST_F(alerting, believes_that_an_account_is_read_again_when_something_is_proven) {
  proven["main"] = start - 1h;
  watch(0s, 200s, {of(alert_kind::refused)});
  alert_engine next{{.on = everything, .settle = 2min}};
  next.restore(engine.sent());
  engine = next;
  EXPECT_THAT(watch(200s, 2000s, {}), IsEmpty());
  proven["main"] = start + 2000s;
  EXPECT_THAT(watch(2000s, 3000s, {}), ElementsAre("2120 recovered 2:main,"));
}

TEST_F(alerting, ends_what_an_account_had_that_is_no_longer_configured) {
  proven["main"] = std::nullopt;
  watch(0s, 200s, {of(alert_kind::silent)});
  proven.clear();
  EXPECT_THAT(watch(200s, 600s, {}), ElementsAre("320 recovered 4:main,"));
}

TEST_F(alerting, says_of_a_message_that_was_not_accepted_the_same_again_later) {
  auto due = look(0s, {of(alert_kind::gap)});
  due = look(120s, {of(alert_kind::gap)});
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_THAT(look(130s, {of(alert_kind::gap)}), IsEmpty());  // it is on its way
  engine.conclude(due[0], false, start + 300s);
  EXPECT_THAT(engine.sent(), IsEmpty());
  EXPECT_THAT(watch(310s, 2000s, {of(alert_kind::gap)}), ElementsAre("1020 firing 0:main,"));
}

TEST_F(alerting, takes_back_what_ends_before_it_is_sent) {
  const auto due = look(0s, {of(alert_kind::silent), of(alert_kind::silent, "other")}).empty()
                       ? look(120s, {of(alert_kind::silent), of(alert_kind::silent, "other")})
                       : std::vector<message>{};
  ASSERT_THAT(due, SizeIs(1));
  look(130s, {of(alert_kind::silent)});
  const auto left = engine.still_true(due[0]);
  ASSERT_TRUE(left);
  EXPECT_EQ(text_of(*left), " firing 4:main,");
  look(140s, {});
  EXPECT_FALSE(engine.still_true(*left));
  EXPECT_THAT(watch(150s, 400s, {}), IsEmpty());
  EXPECT_THAT(watch(400s, 530s, {of(alert_kind::silent)}),
              ElementsAre("520 firing 4:main,"));  // no pause: nothing was sent
}

TEST_F(alerting, takes_back_the_end_of_what_has_come_back) {
  watch(0s, 200s, {of(alert_kind::gap)});
  look(200s, {});
  const auto due = look(320s, {});
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_TRUE(engine.still_true(due[0]));
  look(330s, {of(alert_kind::gap)});
  EXPECT_FALSE(engine.still_true(due[0]));
  EXPECT_THAT(watch(340s, 460s, {}), IsEmpty());
  EXPECT_THAT(watch(460s, 480s, {}), ElementsAre("460 recovered 0:main,"));
}

TEST_F(alerting, says_of_an_end_that_was_not_accepted_the_same_again_later) {
  watch(0s, 200s, {of(alert_kind::gap)});
  look(200s, {});
  const auto due = look(320s, {});
  ASSERT_THAT(due, SizeIs(1));
  engine.conclude(due[0], false, start + 400s);
  EXPECT_THAT(watch(400s, 2000s, {}), ElementsAre("1220 recovered 0:main,"));
}

TEST_F(alerting, judges_nothing_but_the_database_while_that_is_away) {
  watch(0s, 60s, {of(alert_kind::gap)});
  const auto away = [&](std::chrono::seconds at) {
    return engine.step(
        {.now = start + at, .conditions = {of(alert_kind::database, "")}, .proven = {}, .database_alone = true});
  };
  EXPECT_THAT(away(60s), IsEmpty());
  EXPECT_THAT(away(130s), IsEmpty());  // of the gap nothing is known now
  const auto due = away(180s);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(text_of(due[0]), " firing 3:,");
  engine.conclude(due[0], true, start + 180s);
  EXPECT_TRUE(engine.owes_database());
  EXPECT_THAT(watch(200s, 400s, {of(alert_kind::gap)}), ElementsAre("200 firing 0:main,", "320 recovered 3:,"));
  EXPECT_FALSE(engine.owes_database());
}

TEST_F(alerting, leaves_all_but_the_database_to_another_leader) {
  watch(0s, 200s, {of(alert_kind::gap), of(alert_kind::database, "")});
  engine.forget_all_but_database();
  EXPECT_THAT(watch(200s, 600s, {}), ElementsAre("320 recovered 3:,"));
}

TEST_F(alerting, tells_at_once_what_was_on_its_way_when_its_webhook_changed) {
  look(0s, {of(alert_kind::gap)});
  ASSERT_THAT(look(120s, {of(alert_kind::gap)}), SizeIs(1));
  engine.forget_sending();
  EXPECT_THAT(look(130s, {of(alert_kind::gap)}), SizeIs(1));
}

TEST_F(alerting, goes_on_after_the_clock_was_set_back) {
  watch(7200s, 7400s, {of(alert_kind::gap)});
  EXPECT_THAT(watch(0s, 200s, {of(alert_kind::gap), of(alert_kind::gap, "b")}), SizeIs(1));
}

}  // namespace
}  // namespace ordersync::app::alerts
