#include "app/http/status_api_commands.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::http {
namespace {

using namespace std::chrono_literals;

const std::optional<admin_token> token{std::in_place, "0123456789abcdef"};

service::http_request post() {
  service::http_request request;
  request.post = true;
  request.path = "/api/backfills";
  request.bearer = "0123456789abcdef";
  request.content_type = "application/json";
  request.host = "127.0.0.1:9188";
  return request;
}

unsigned status(const service::http_request& request, const std::optional<admin_token>& with = token) {
  const auto refused = objection(request, with);
  return refused ? refused->status : 0;
}

TEST(status_api_commands, the_right_token_and_json_are_enough) {
  EXPECT_EQ(status(post()), 0U);
  auto request = post();
  request.content_type = "Application/JSON; charset=utf-8";
  request.origin = "http://127.0.0.1:9188";
  EXPECT_EQ(status(request), 0U);
}

TEST(status_api_commands, a_wrong_or_missing_token_is_refused) {
  for (const std::optional<std::string>& bearer :
       {std::optional<std::string>{}, std::optional<std::string>{""}, std::optional<std::string>{"0123456789abcdeg"},
        std::optional<std::string>{"0123456789abcdef0"}, std::optional<std::string>{"0123456789abcde"}}) {
    auto request = post();
    request.bearer = bearer;
    const auto refused = objection(request, token);
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(refused->status, 401U);
    EXPECT_EQ(refused->headers.at(0).first, "WWW-Authenticate");
  }
}

TEST(status_api_commands, without_the_setting_nothing_can_be_ordered_and_it_is_said_how) {
  const auto refused = objection(post(), std::nullopt);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->status, 403U);
  EXPECT_NE(refused->body.find("service.admin_token_file"), std::string::npos);
}

TEST(status_api_commands, another_sites_page_is_refused_even_with_the_token) {
  for (const char* origin :
       {"http://evil.example", "http://127.0.0.1:9189", "null", "http://127.0.0.1:9188.evil.example"}) {
    auto request = post();
    request.origin = origin;
    EXPECT_EQ(status(request), 403U) << origin;
  }
}

TEST(status_api_commands, what_a_plain_form_can_send_is_refused) {
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"}) {
    auto request = post();
    request.content_type = type;
    EXPECT_EQ(status(request), 415U) << type;
  }
}

config::settings two_accounts() {
  config::settings s;
  s.api.time_zone = 8h;
  s.accounts.resize(2);
  s.accounts[0].name = "main";
  s.accounts[1].name = "other";
  return s;
}

TEST(status_api_commands, a_range_is_read_in_the_zone_of_the_api) {
  const auto order =
      read_backfill_order(R"({"account":"other","from":"2024-05-01","to":"2024-05-02T00:00:00Z"})", two_accounts());
  ASSERT_TRUE(order.has_value()) << order.error().what;
  EXPECT_EQ(order->accounts, std::vector<std::string>{"other"});
  EXPECT_EQ(core::to_text(order->range), "2024-04-30T16:00:00Z/2024-05-02T00:00:00Z");
  EXPECT_EQ(read_backfill_order(R"({"from":"2024-05-01","to":"2024-05-02"})", two_accounts())->accounts.size(), 2U);
}

TEST(status_api_commands, an_invalid_request_is_reported) {
  const auto why = [](std::string_view body) {
    const auto order = read_backfill_order(body, two_accounts());
    return order.has_error() ? order.error().what : "it was taken";
  };
  EXPECT_EQ(why("{"), "the body is not a JSON object");
  EXPECT_EQ(why("[]"), "the body is not a JSON object");
  EXPECT_EQ(why(R"({"account":"x","from":"2024-05-01","to":"2024-05-02"})"),
            "unknown account; choose one of: main, other");
  EXPECT_EQ(why(R"({"account":7,"from":"2024-05-01","to":"2024-05-02"})"),
            "unknown account; choose one of: main, other");
  EXPECT_EQ(why(R"({"from":"2024-05-02","to":"2024-05-02"})").substr(0, 22), "\"from\" must be before ");
  EXPECT_EQ(why(R"({"from":5,"to":"2024-05-02"})").substr(0, 17), "\"from\" is missing");
  EXPECT_EQ(why(R"({"from":"yesterday","to":"2024-05-02"})").substr(0, 20), "\"from\" is not a time");
  EXPECT_EQ(why(R"({"from":"2024-05-01","to":"2024-05-02","x":1})").substr(0, 17), "the body has a me");
}

TEST(status_api_commands, a_path_names_a_job_and_a_wish) {
  const auto order = read_job_order("/api/backfills/17/pause");
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->id, 17);
  EXPECT_EQ(order->action, store::jobs::job_action::pause);
  EXPECT_EQ(read_job_order("/api/backfills/1/cancel")->action, store::jobs::job_action::cancel);
  EXPECT_EQ(read_job_order("/api/backfills/1/resume")->action, store::jobs::job_action::resume);
  for (const char* path : {"/api/backfills/", "/api/backfills/0/pause", "/api/backfills/-1/pause",
                           "/api/backfills/x/pause", "/api/backfills/1/stop", "/api/backfills/1/pause/",
                           "/api/backfills/1", "/api/backfills/99999999999999999999/pause"})
    EXPECT_FALSE(read_job_order(path).has_value()) << path;
}

TEST(status_api_commands, an_orders_number_is_one_text) {
  EXPECT_EQ(read_order_number(R"({"number": "2042894174938880794"})").value(), "2042894174938880794");
  EXPECT_EQ(read_order_number(R"({"number": " 7\n"})").value(), "7");
  for (const auto* body : {"", "[]", "{}", R"({"number": 7})", R"({"number": ""})", R"({"number": " "})",
                           R"({"number": null})", R"({"number": "7", "account": "main"})", R"({"order": "7"})"})
    EXPECT_TRUE(read_order_number(body).has_error()) << body;
}

}  // namespace
}  // namespace ordersync::app::http
