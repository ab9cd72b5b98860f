// Whom to tell, and the URLs of webhooks, which are secrets.

#include "config/keys.hpp"
#include "config/minimal.hpp"
#include "config/secrets.hpp"
#include "config/webhook.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

namespace ordersync::config {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

settings loaded_with(std::string_view more) {
  auto loaded = load_text(std::string(minimal_text) + std::string(more), "f");
  EXPECT_TRUE(loaded) << to_text(loaded.error());
  return std::move(*loaded);
}

TEST(alerts_of_the_configuration, are_none_by_default) {
  EXPECT_THAT(loaded_with("").alerts, IsEmpty());
}

TEST(alerts_of_the_configuration, need_a_file_and_nothing_else) {
  const auto all = loaded_with("alerts: [{webhook_file: robot}]\n").alerts;
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].webhook.text, "robot");
  EXPECT_EQ(all[0].format, alert_format::json);
  EXPECT_EQ(all[0].settle, 2min);
  EXPECT_THAT(all[0].on, SizeIs(6));
  EXPECT_THAT(problems_with("alerts: [{format: slack}]\n"), HasSubstr("alerts[0].webhook_file: required"));
}

TEST(alerts_of_the_configuration, choose_what_they_are_told) {
  const auto all = loaded_with("alerts: [{webhook_file: r, on: [gap, refused, gap], format: feishu}]\n").alerts;
  EXPECT_EQ(all[0].on, (std::vector{alert_kind::gap, alert_kind::refused}));
  EXPECT_EQ(all[0].format, alert_format::feishu);
  EXPECT_THAT(problems_with("alerts: [{webhook_file: r, on: [gaps]}]\n"),
              HasSubstr("is not one of gap, behind, refused, database, silent, recovered"));
}

TEST(alerts_of_the_configuration, hold_no_url) {
  const auto problems = problems_with("alerts: [{webhook_file: \"https://hooks.slack.com/services/canary\"}]\n");
  EXPECT_THAT(problems, HasSubstr("this is a URL"));
  EXPECT_THAT(problems, Not(HasSubstr("canary")));
  EXPECT_THAT(problems_with("alerts: [{webhook: \"https://x/canary\"}]\n"), HasSubstr("webhook_file"));
}

TEST(alerts_of_the_configuration, have_a_file_each) {
  EXPECT_THAT(problems_with("alerts: [{webhook_file: r}, {webhook_file: r}]\n"),
              HasSubstr("alerts[1].webhook_file: alerts[0] already has this file"));
}

TEST(alerts_of_the_configuration, are_signed_where_robots_check_it) {
  EXPECT_THAT(problems_with("alerts: [{webhook_file: r, format: wecom, secret_file: s}]\n"),
              HasSubstr("alerts[0].secret_file: only robots of dingtalk and feishu"));
  EXPECT_EQ(loaded_with("alerts: [{webhook_file: r, format: dingtalk, secret_file: s}]\n").alerts[0].signing.text, "s");
}

TEST(alerts_of_the_configuration, are_compared_on_reload) {
  const auto before = loaded_with("alerts: [{webhook_file: r}]\n");
  EXPECT_THAT(changed_keys(before, loaded_with("alerts: [{webhook_file: r, settle: 1s}]\n")),
              ::testing::ElementsAre("alerts[].settle"));
  EXPECT_THAT(changed_keys(before, loaded_with("")), ::testing::ElementsAre("alerts"));
}

TEST(a_webhook, is_an_https_url_with_a_path) {
  const auto one = parse_webhook("https://hooks.example:8443/a/b?key=c");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->server.host, "hooks.example");
  EXPECT_EQ(one->server.port, 8443);
  EXPECT_EQ(one->target, "/a/b?key=c");
  for (const auto* wrong : {"http://host/a", "https://host", "https://host/", "https://user:word@host/a", "host/a",
                            "https://host/a#b", "https://host/a b", "https://host?key=c"})
    EXPECT_FALSE(parse_webhook(wrong)) << wrong;
}

struct webhook_files : ::testing::Test {
  test_support::temp_dir directory;
  settings of;

  std::string complaint(const std::string& content, alert_format format = alert_format::slack) {
    of.origins = {{(directory.path() / "f").string(), directory.path()}};
    alert one;
    one.webhook = {directory.write("robot", content).string(), {7, 3}};
    one.format = format;
    of.alerts = {one};
    const auto read = read_secrets(of, {});
    return read ? std::string() : to_text(read.error());
  }
};

TEST_F(webhook_files, are_read) {
  EXPECT_EQ(complaint("https://hooks.slack.com/services/canary\n"), "");
  const auto read = read_secrets(of, {});
  EXPECT_EQ(read->alerts.at(0).webhook.reveal(), "https://hooks.slack.com/services/canary");
  EXPECT_FALSE(read->alerts.at(0).signing);
}

TEST_F(webhook_files, hold_a_url_that_no_complaint_shows) {
  const auto problems = complaint("http://hooks.slack.com/services/canary");
  EXPECT_THAT(problems, HasSubstr(":7:3: alerts[0].webhook_file: the file holds no URL of a webhook"));
  EXPECT_THAT(problems, Not(HasSubstr("canary")));
}

TEST_F(webhook_files, fit_the_format_where_the_host_is_known) {
  EXPECT_THAT(complaint("https://oapi.dingtalk.com/robot/send?access_token=canary"), HasSubstr("set format: dingtalk"));
  EXPECT_EQ(complaint("https://gateway.example/robot"), "");
}

TEST_F(webhook_files, come_with_the_secret_of_the_robot) {
  complaint("https://open.feishu.cn/open-apis/bot/v2/hook/canary", alert_format::feishu);
  of.alerts[0].signing = {directory.write("signing", "SEC\n").string(), {8, 3}};
  const auto read = read_secrets(of, {});
  ASSERT_TRUE(read) << to_text(read.error());
  EXPECT_EQ(read->alerts.at(0).signing->reveal(), "SEC");
  of.alerts[0].signing.text = (directory.path() / "nowhere").string();
  EXPECT_THAT(to_text(read_secrets(of, {}).error()), HasSubstr("alerts[0].secret_file: no such file"));
}

}  // namespace
}  // namespace ordersync::config
