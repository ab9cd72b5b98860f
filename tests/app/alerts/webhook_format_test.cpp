// What goes out, in each format, and what each receiver's answer means.

#include "app/alerts/webhook_format.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ordersync::app::alerts {
namespace {

namespace json = boost::json;
using config::alert_format;
using config::alert_kind;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

const core::instant now{std::chrono::milliseconds{1'793'502'000'123}};  // 2026-11-01T03:00:00.123Z
constexpr std::string_view target = "/robot/send?access_token=canary";

message problem() {
  return {.state = message_state::firing,
          .problems = {{.kind = alert_kind::refused,
                        .since = now - 10min,
                        .accounts = {"main", "second"},
                        .whats = {"main: the API refuses <us> & others.", "second: the same."},
                        .cure = "Check the key."}}};
}
message over() {
  auto m = problem();
  m.state = message_state::recovered;
  return m;
}
const origin teller{.host = "shed", .database = "mirror", .version = "1.2.3", .zone = std::chrono::hours{8}};

json::object body_of(alert_format format, const message& m, std::string_view signing = {}) {
  return json::parse(request_of(format, target, signing, m, teller, now).body).as_object();
}
std::string text_in(const json::value& of) {
  return std::string(of.as_string());
}

constexpr const char* expected_text =
    "ordersync: problem\n"
    "The API refuses the credentials (refused): main, second\n"
    "main: the API refuses <us> & others.\n"
    "second: the same.\n"
    "Since 2026-11-01T10:50:00+08:00.\n"
    "To do: Check the key.\n"
    "Host shed, database mirror, ordersync 1.2.3";

TEST(webhook_format, slack_gets_a_text_without_its_own_marks) {
  const auto body = body_of(alert_format::slack, problem());
  EXPECT_THAT(text_in(body.at("text")), HasSubstr("refuses &lt;us&gt; &amp; others"));
  EXPECT_EQ(body.size(), 1U);
}

TEST(webhook_format, wecom_and_dingtalk_get_a_text) {
  for (const auto format : {alert_format::wecom, alert_format::dingtalk}) {
    const auto body = body_of(format, problem());
    EXPECT_EQ(text_in(body.at("msgtype")), "text");
    EXPECT_EQ(text_in(body.at("text").as_object().at("content")), expected_text);
    EXPECT_EQ(request_of(format, target, "", problem(), teller, now).target, target);
  }
}

TEST(webhook_format, feishu_gets_a_text) {
  const auto body = body_of(alert_format::feishu, problem());
  EXPECT_EQ(text_in(body.at("msg_type")), "text");
  EXPECT_EQ(text_in(body.at("content").as_object().at("text")), expected_text);
  EXPECT_FALSE(body.contains("sign"));
}

// Both signatures as openssl computes them.
TEST(webhook_format, a_robot_that_checks_signatures_gets_one) {
  const auto signed_url = request_of(alert_format::dingtalk, target, "SECcanary", problem(), teller, now).target;
  EXPECT_EQ(signed_url,
            "/robot/send?access_token=canary&timestamp=1793502000123"
            "&sign=3Sd8DfefNDEJuB7ymGMZpFwsupQhoogfAB4QBNBayn4%3D");
  const auto body = body_of(alert_format::feishu, problem(), "SECcanary");
  EXPECT_EQ(text_in(body.at("timestamp")), "1793502000");
  EXPECT_EQ(text_in(body.at("sign")), "dY2yO9yNq/+bqEEd1hlufG8xiLawSAqE58SyXq2OTnI=");
}

TEST(webhook_format, programs_get_an_object) {
  EXPECT_EQ(json::value(body_of(alert_format::json, problem())), json::parse(R"({
    "kind": "refused", "state": "firing", "since": "2026-11-01T02:50:00.123Z", "accounts": ["main", "second"],
    "what": ["main: the API refuses <us> & others.", "second: the same."], "what_to_do": "Check the key.",
    "summary": "The API refuses the credentials", "host": "shed", "database": "mirror", "version": "1.2.3",
    "problems": [{"kind": "refused", "since": "2026-11-01T02:50:00.123Z", "accounts": ["main", "second"],
      "what": ["main: the API refuses <us> & others.", "second: the same."], "what_to_do": "Check the key."}]})"));
  EXPECT_EQ(text_in(body_of(alert_format::json, over()).at("summary")), "Over: the API refuses the credentials");
  EXPECT_EQ(text_in(body_of(alert_format::json, {.state = message_state::test, .problems = {}}).at("state")), "test");
}

TEST(webhook_format, a_summary_is_the_verdicts_headline) {
  auto m = problem();
  m.problems[0].headline = "The API does not permit what ordersync asks";
  m.problems.push_back({.kind = alert_kind::gap,
                        .since = now,
                        .accounts = {""},
                        .whats = {"what"},
                        .cure = "",
                        .headline = "Some values are in quarantine"});
  EXPECT_EQ(summary_of(m), "The API does not permit what ordersync asks; some values are in quarantine");
  EXPECT_THAT(text_of(m, teller), HasSubstr("\nSome values are in quarantine (gap)\n"));
  m.state = message_state::recovered;
  EXPECT_EQ(summary_of(m), "Over: the API refuses the credentials; something is missing, in doubt or in quarantine");
}

TEST(webhook_format, what_is_over_is_said_in_short) {
  EXPECT_EQ(text_of(over(), teller),
            "ordersync: recovered\n"
            "The API refuses the credentials (refused): main, second\n"
            "It began 2026-11-01T10:50:00+08:00.\n"
            "Host shed, database mirror, ordersync 1.2.3");
}

TEST(webhook_format, many_accounts_are_counted_and_the_text_stays_short) {
  auto m = problem();
  for (int i = 0; i < 50; ++i) {
    m.problems[0].accounts.push_back("account" + std::to_string(i));
    m.problems[0].whats.push_back("its text");
  }
  EXPECT_THAT(text_of(m, teller), HasSubstr("account7 and 42 more"));
  EXPECT_THAT(text_of(m, teller), HasSubstr("... and 49 more of this kind."));
  for (auto& what : m.problems[0].whats) what = std::string(1'500, 'x') + "\xE6\xBC\xA2";
  EXPECT_LE(text_of(m, teller).size(), longest_text);
  EXPECT_THAT(text_of(m, teller), HasSubstr("Host shed"));
}

TEST(webhook_format, the_database_is_named_without_its_address) {
  EXPECT_EQ(database_name("postgresql://user@host:5432/mirror?sslmode=require"), "mirror");
  EXPECT_EQ(database_name("postgresql://user@/"), "");
}

struct answer_case {
  alert_format format;
  unsigned status;
  std::string body;
  delivery_state state;
};

TEST(webhook_format, each_receiver_says_in_its_own_way_whether_it_took_the_message) {
  using enum delivery_state;
  const std::vector<answer_case> all{
      {alert_format::slack, 200, "ok", accepted},
      {alert_format::slack, 404, "no_service", rejected},
      {alert_format::slack, 429, "", again},
      {alert_format::json, 204, "", accepted},
      {alert_format::json, 302, "", rejected},
      {alert_format::json, 500, "", again},
      {alert_format::json, 408, "", again},
      {alert_format::dingtalk, 200, R"({"errcode":0,"errmsg":"ok"})", accepted},
      {alert_format::dingtalk, 200, R"({"errcode":310000,"errmsg":"sign not match"})", rejected},
      {alert_format::dingtalk, 200, R"({"errcode":130101,"errmsg":"send too fast"})", again},
      {alert_format::wecom, 200, R"({"errcode":0,"errmsg":"ok"})", accepted},
      {alert_format::wecom, 200, R"({"errcode":93000,"errmsg":"invalid webhook url"})", rejected},
      {alert_format::wecom, 200, R"({"errcode":45009,"errmsg":"api freq out of limit"})", again},
      {alert_format::feishu, 200, R"({"code":0,"msg":"success"})", accepted},
      {alert_format::feishu, 200, R"({"StatusCode":0,"StatusMessage":"success"})", accepted},
      {alert_format::feishu, 200, R"({"code":19021,"msg":"sign match fail"})", rejected},
      {alert_format::feishu, 200, R"({"code":11232,"msg":"frequency limited"})", again},
      {alert_format::wecom, 200, "ok", rejected},
      {alert_format::wecom, 502, "", again},
  };
  for (const auto& one : all) {
    SCOPED_TRACE(one.body + std::to_string(one.status));
    const auto got = delivery_of(one.format, {.status = one.status, .body = one.body});
    EXPECT_EQ(got.state, one.state);
    EXPECT_EQ(got.reason.empty(), one.state == accepted);
    EXPECT_THAT(got.reason, Not(HasSubstr("invalid webhook")));
  }
}

TEST(webhook_format, a_robots_code_gets_advice_on_what_it_is_about) {
  const auto advice = [](alert_format format, int code, std::string_view member) {
    return delivery_of(format,
                       {.status = 200, .body = "{\"" + std::string(member) + "\":" + std::to_string(code) + "}"})
        .reason;
  };
  for (const char* member : {"code", "StatusCode"}) {
    EXPECT_THAT(advice(alert_format::feishu, 19'021, member), HasSubstr("signing secret"));
    EXPECT_THAT(advice(alert_format::feishu, 19'021, member), Not(HasSubstr("keyword")));
    EXPECT_THAT(advice(alert_format::feishu, 19'022, member), HasSubstr("does not allow the address"));
    EXPECT_THAT(advice(alert_format::feishu, 19'024, member), HasSubstr("make ordersync its keyword"));
    EXPECT_THAT(advice(alert_format::feishu, 19'024, member), Not(HasSubstr("secret")));
    EXPECT_THAT(advice(alert_format::feishu, 19'001, member), HasSubstr("check the URL"));
  }
  for (const char* what : {"signing secret", "keyword is ordersync", "allowed addresses"})
    EXPECT_THAT(advice(alert_format::dingtalk, 310'000, "errcode"), HasSubstr(what));
  EXPECT_THAT(advice(alert_format::dingtalk, 300'005, "errcode"), HasSubstr("check the URL"));
  EXPECT_THAT(advice(alert_format::wecom, 93'000, "errcode"), HasSubstr("check the URL"));
}

TEST(webhook_format, a_receiver_may_ask_for_some_minutes) {
  const auto wait = [](std::string header) {
    return delivery_of(alert_format::slack, {.status = 429, .retry_after = std::move(header)}).retry_after;
  };
  EXPECT_EQ(wait("30"), 30s);
  EXPECT_EQ(wait("86400"), 5min);
  EXPECT_EQ(wait("soon"), std::nullopt);
}

}  // namespace
}  // namespace ordersync::app::alerts
