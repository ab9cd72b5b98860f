// Replies about one order or refund.
#include "pandapon/replies.hpp"
#include "pandapon/reply/verdict.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ordersync::pandapon::reply {
namespace {

using core::failure;
using testing::now;
using testing::reply;

core::failure kind_of(const http::http_reply& r) {
  const auto made = assess_single(r, now);
  return made ? failure::defect : made.error().kind;
}

TEST(single_verdict, the_data_of_the_envelope_is_what_is_wanted) {
  for (const auto* body :
       {R"({"requestId":"r","code":200,"developId":"d","msg":"success","data":{"baseInfo":{"status":"success"}}})",
        R"({"data":{"baseInfo":{"status":"success"}},"code":"200"})"}) {
    const auto good = reply(200, body);
    EXPECT_EQ(assess_single(good, now).value(), R"({"baseInfo":{"status":"success"}})");
  }
}

TEST(single_verdict, what_is_inside_the_data_is_no_sign_of_failure) {
  const auto closed = reply(200, R"({"code":200,"data":{"status":"fail","errorCode":"7","success":false}})");
  EXPECT_TRUE(assess_single(closed, now));
}

TEST(single_verdict, no_data_is_no_answer) {
  for (const auto* body : {R"({"code":200,"data":null})", R"({"code":200})", R"({"code":200,"list":[]})"})
    EXPECT_EQ(kind_of(reply(200, body)), failure::unusable_reply) << body;
}

TEST(single_verdict, that_the_app_may_not_make_the_call_is_told_from_wrong_credentials) {
  EXPECT_EQ(kind_of(reply(403, R"({"code":40300,"msg":"the app has no permission for this call"})")),
            failure::not_permitted);
  EXPECT_EQ(kind_of(reply(403)), failure::not_permitted);
  for (const auto* body : {R"({"code":403,"msg":"forbidden","data":null})", R"({"code":7,"msg":"无权限调用该接口"})",
                           R"({"error_code":"gw.APIACLDecline","error_message":"AppKey is not allowed"})"}) {
    EXPECT_EQ(kind_of(reply(200, body)), failure::not_permitted) << body;
    EXPECT_EQ(kind_of(reply(400, body)), failure::not_permitted) << body;
  }
  EXPECT_EQ(kind_of(reply(401)), failure::refused);
  EXPECT_EQ(kind_of(reply(200, R"({"code":40106,"msg":"signature is wrong"})")), failure::refused);
  EXPECT_EQ(kind_of(reply(200, R"({"error_code":"gw.SignatureInvalid"})")), failure::refused);
}

TEST(single_verdict, the_list_calls_both_refused) {
  EXPECT_EQ(testing::failed(reply(403)).kind, failure::refused);
  EXPECT_EQ(testing::failed(reply(200, R"({"error_code":"gw.APIACLDecline"})")).kind, failure::refused);
}

TEST(single_verdict, a_code_of_one_thing_is_no_reason_to_ask_more_slowly) {
  for (const auto* body : {R"({"code":500,"msg":"order not exist","data":null})", R"({"code":7,"msg":"系统繁忙"})"})
    EXPECT_EQ(kind_of(reply(200, body)), failure::unreachable) << body;
  EXPECT_EQ(kind_of(reply(200, R"({"code":429,"msg":"too many requests","data":null})")), failure::overloaded);
  EXPECT_EQ(testing::failed(reply(200, R"({"code":500,"msg":"busy","data":null})")).kind, failure::overloaded)
      << "of the list";
}

TEST(single_verdict, everything_else_is_judged_as_for_the_list) {
  EXPECT_EQ(kind_of(reply(429)), failure::overloaded);
  EXPECT_EQ(kind_of(reply(500)), failure::unreachable);
  EXPECT_EQ(kind_of(reply(403, "<html></html>")), failure::unreachable);
  EXPECT_EQ(kind_of(reply(403, R"({"code":1,"msg":"Too many requests"})")), failure::overloaded);
  EXPECT_EQ(kind_of(reply(200, R"({"code":404,"msg":"订单不存在","data":null})")), failure::unusable_reply);
  EXPECT_EQ(kind_of(reply(200, R"({"code":200,"data":{},"data":{"a":1}})")), failure::unusable_reply);
  EXPECT_EQ(kind_of(reply(200, "")), failure::unusable_reply);
}

}  // namespace
}  // namespace ordersync::pandapon::reply
