// Replies by which the API, or something in front of it, refuses.
#include "pandapon/replies.hpp"
#include "pandapon/reply/verdict.hpp"

#include <gtest/gtest.h>

#include <tuple>
#include <utility>

namespace ordersync::pandapon::reply {
namespace {

using core::failure;
using testing::failed;
using testing::now;
using testing::reply;

// Bodies as APIs of this family are known to send them, under any of these statuses.
TEST(refusals, requests_that_come_too_fast_are_known_by_words_and_codes) {
  for (const auto* body :
       {R"({"code":50010,"msg":"请求过于频繁，请稍后再试"})",
        R"({"error_code":"gw.QosAppFrequencyLimit","error_message":"App frequency exceeded"})",
        R"({"error_code":"gw.QosRequestLimit","error_message":""})", R"({"code":"gw.QosAppFrequencyLimit"})",
        R"({"code":7,"msg":"限流"})", R"({"code":1,"msg":"超过限制次数"})", R"({"code":1,"msg":"Too many requests"})",
        R"({"code":1,"msg":"your access-key exceeds its rate limit"})", R"({"code":1,"msg":"Throttling.User"})",
        R"({"code":1,"msg":"QPS exceeded"})", R"({"code":1,"msg":"flow control"})", R"({"code":1,"msg":"系统繁忙"})",
        R"({"code":1,"message":"Please try again later"})",
        R"({"code":200,"success":false,"msg":"调用次数超限","total":0,"data":[]})",
        R"({"error_response":{"code":7,"msg":"call limited","sub_code":"accesscontrol.limited"}})"}) {
    for (const unsigned status : {200U, 400U, 403U, 429U, 503U}) {
      const auto error = failed(reply(status, body));
      EXPECT_EQ(error.kind, failure::overloaded) << status << body << error.what;
    }
  }
}

TEST(refusals, what_is_too_much_at_once_is_not_taken_for_haste) {
  for (const auto* message : {"too many orders, narrow the range and try again", "时间范围过大，请缩小后重试",
                              "orderTimeEnd must not be later than now"}) {
    const auto error = failed(reply(200, std::string(R"({"code":40010,"msg":")") + message + "\"}"));
    EXPECT_EQ(error.kind, failure::unusable_reply) << message;
    EXPECT_EQ(error.remedy, core::remedy::ask_less) << message;
  }
}

TEST(refusals, codes_of_1688_about_credentials_refuse) {
  for (const auto* code : {"gw.SignatureInvalid", "gw.APIACLDecline"}) {
    for (const unsigned status : {200U, 400U, 403U}) {
      const auto error = failed(reply(status, std::string(R"({"error_code":")") + code + R"(","error_message":"x"})"));
      EXPECT_EQ(error.kind, failure::refused) << status << code;
      EXPECT_NE(error.what.find(code), std::string::npos) << error.what;
    }
  }
}

TEST(refusals, a_refusal_by_an_unknown_code_may_be_answered_by_asking_for_less) {
  for (const auto& [status, body, code] :
       {std::tuple{200U, R"({"code":40010,"msg":"x"})", "40010"}, std::tuple{400U, R"({"code":400,"msg":"x"})", "400"},
        std::tuple{422U, R"({"error_code":"isv.range-limit"})", "isv.range-limit"},
        std::tuple{404U, R"({"code":40401})", "40401"},
        std::tuple{200U, R"({"success":false,"total":0,"data":[],"code":200})", "`success`"}}) {
    const auto error = failed(reply(status, body));
    EXPECT_EQ(error.kind, failure::unusable_reply) << body;
    EXPECT_EQ(error.remedy, core::remedy::ask_less) << body;
    EXPECT_NE(error.what.find(code), std::string::npos) << error.what;
  }
  for (const auto& [status, body] : {std::pair{404U, R"({"code":404})"}, std::pair{400U, "no"}, std::pair{400U, "{}"},
                                     std::pair{200U, R"({"x":1})"}, std::pair{500U, R"({"code":40010})"}}) {
    EXPECT_EQ(failed(reply(status, body)).remedy, core::remedy::none) << status << body;
  }
}

TEST(refusals, a_web_page_is_something_in_front_of_the_api) {
  for (const unsigned status : {200U, 302U, 400U, 401U, 403U, 404U, 407U, 500U, 503U, 520U}) {
    auto typed = reply(status, "checking your browser");
    typed.content_type = "Text/HTML; charset=utf-8";
    for (const auto& page : {reply(status, "<!DOCTYPE html>"), reply(status, "\xEF\xBB\xBF\n <html>"), typed}) {
      const auto error = failed(page);
      EXPECT_EQ(error.kind, failure::unreachable) << status;
      EXPECT_NE(
          error.what.find("something in front of the API answered with a web page (status " + std::to_string(status)),
          std::string::npos)
          << error.what;
    }
  }
  // Who limits the rate may well be in front: what it says about that counts.
  EXPECT_EQ(failed(reply(429, "<html>")).kind, failure::overloaded);
}

TEST(refusals, a_message_about_credentials_refuses_whatever_the_code) {
  for (const auto* message : {"Signature verification failed", "invalid ACCESS-KEY", "签名错误", "timestamp expired"}) {
    const auto body = std::string(R"({"code":10003,"msg":")") + message + "\"}";
    EXPECT_EQ(failed(reply(200, body)).kind, failure::refused) << message;
    EXPECT_EQ(failed(reply(400, body)).kind, failure::refused) << message;
  }
}

}  // namespace
}  // namespace ordersync::pandapon::reply
