// What is kept of JSON whose fields are not all known.
#include "store/details/served_json.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace ordersync::store::details {
namespace {

std::string text_of(const std::optional<core::instant>& at) {
  return at ? core::to_text(*at) : "none";
}
std::string at(std::string_view text) {
  return text_of(refund_time(text, std::chrono::hours{8}));
}

TEST(served_json, a_refunds_times_are_read_in_their_forms) {
  EXPECT_EQ(at("2024-05-07 09:52:00"), "2024-05-07T01:52:00.000Z");
  EXPECT_EQ(at("20240507095200123+0800"), "2024-05-07T01:52:00.123Z");
  EXPECT_EQ(at("20240507095200123-0730"), "2024-05-07T17:22:00.123Z");
  EXPECT_EQ(text_of(refund_time("2024-05-07 09:52:00", std::chrono::minutes{0})), "2024-05-07T09:52:00.000Z");
  EXPECT_EQ(at("1715046720123"), "2024-05-07T01:52:00.123Z");
}

TEST(served_json, a_text_that_is_no_such_time_is_none) {
  for (const auto* text :
       {"", "soon", "2024-13-07 09:52:00", "2024-02-30 09:52:00", "2024-05-07 24:52:00", "2024-05-07T09:52:00",
        "20240507095200000", "20240507095200000+08:00", "20240507095200-12+0800", "20240507095200000+9900",
        "2024-05-0x 09:52:00", "171504672012x", "-171504672012"})
    EXPECT_EQ(at(text), "none") << text;
}

TEST(served_json, of_a_refund_only_what_names_nobody_is_kept) {
  EXPECT_EQ(boost::json::serialize(impersonal_refund(
                R"({"refundId":"TQ1","sellerMobile":"1","applyReason":"x","status":{"a":{}},"refundPayment":700,)"
                R"("orderId":2042894174938880794,"orderEntryIdList":[9007199254740993,5],"buyerLoginId":"y"})")),
            R"({"refundId":"TQ1","orderId":"2042894174938880794","refundPayment":700,)"
            R"("orderEntryIdList":["9007199254740993",5]})");
  EXPECT_EQ(boost::json::serialize(impersonal_refund(R"("{\"refundId\":\"TQ1\"}")")), R"({"refundId":"TQ1"})");
  EXPECT_EQ(boost::json::serialize(impersonal_refund(R"({"status":"a\u0000b"})")), "{}");
  EXPECT_EQ(boost::json::serialize(impersonal_refund(
                R"({"refundPayment":"Zhang San","gmtApply":"soon","status":"Zhang San","instantRefundType":"Zhang",)"
                R"("orderEntryCountMap":{"Zhang San":1},"orderEntryIdList":["to Li"]})")),
            "{}")
      << "each has a form";
  for (const auto* text : {"", "[]", "7", "{"}) EXPECT_TRUE(impersonal_refund(text).is_null()) << text;
}

TEST(served_json, numbers_keep_every_digit) {
  const auto of = [](const std::string& number) {
    return boost::json::serialize(impersonal_refund(R"({"refundPayment":)" + number + "}"));
  };
  const auto same = [](const std::string& number) { return R"({"refundPayment":)" + number + "}"; };
  EXPECT_EQ(of("99999999999999999999"), same(R"("99999999999999999999")"));
  EXPECT_EQ(of("12345678901234567.25"), same(R"("12345678901234567.25")"));
  EXPECT_EQ(of("-0.1234567890123456789"), same(R"("-0.1234567890123456789")"));
  EXPECT_EQ(of("1e999"), same(R"("1e999")"));
  EXPECT_EQ(of("1e999999"), same("null")) << "it is in quarantine";
  EXPECT_EQ(of("-700"), same("-700"));
  EXPECT_EQ(boost::json::parse(of("12.5")), boost::json::parse(same("12.5")));
  EXPECT_EQ(boost::json::serialize(
                impersonal_refund(R"({"applyReason":"a\"1e999999,\\","status":"1e999999","rejectTimes":1})")),
            R"({"status":"1e999999","rejectTimes":1})")
      << "what is in a text is no number";
  EXPECT_EQ(boost::json::serialize(steps_of(R"({"baseInfo":"{\"stepOrderList\":[{\"payFee\":1e999}]}"})")),
            R"([{"payFee":"1e999"}])");
}

TEST(served_json, of_a_step_only_what_names_nobody_is_kept) {
  EXPECT_EQ(boost::json::serialize(
                steps_of(R"({"baseInfo":{"stepOrderList":[{"stepNo":1,"message":"to Zhang","payFee":"12.5"},7]}})")),
            R"([{"stepNo":1,"payFee":"12.5"},{}])");
  EXPECT_EQ(boost::json::serialize(steps_of(
                R"({"baseInfo":{"stepOrderList":[{"buyerName":"Li","receiverPhone":"13800138000","newField":1,)"
                R"("stepPayStatus":"张三","gmtPay":"20240507095200000+0800"}]}})")),
            R"([{"gmtPay":"20240507095200000+0800"}])");
  EXPECT_EQ(boost::json::serialize(steps_of(
                R"({"baseInfo":{"stepOrderList":[{"payFee":"Zhang San","lastStep":"Li","gmtEnd":"at Li's"}]}})")),
            "[{}]")
      << "each has a form";
  EXPECT_EQ(boost::json::serialize(steps_of(R"({"baseInfo":"{\"stepOrderList\":[{\"stepNo\":1}]}"})")),
            R"([{"stepNo":1}])");
  for (const auto* text : {"", "{}", R"({"baseInfo":null})", R"({"baseInfo":{"stepOrderList":[]}})"})
    EXPECT_TRUE(steps_of(text).is_null()) << text;
}

}  // namespace
}  // namespace ordersync::store::details
