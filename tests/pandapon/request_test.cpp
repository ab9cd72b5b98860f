#include "pandapon/request.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <map>

namespace ordersync::pandapon {
namespace {

using namespace std::chrono_literals;

const sync::page_request request{{core::second{1715046720s}, core::second{1715047200s}}, 3, 20};

std::uint64_t no_randomness() {
  return 0;
}

std::map<std::string, std::string> headers(const credentials& who, const request_style& style) {
  const auto list = system_headers(who, style, core::instant{1715669977082ms}, no_randomness).value();
  return {list.begin(), list.end()};
}

TEST(request, asks_from_a_second_before_to_the_end_in_the_apis_zone) {
  EXPECT_EQ(
      request_body(request, {}),
      R"({"pageNum":3,"pageSize":20,"orderTimeBegin":"2024-05-07 09:51:59","orderTimeEnd":"2024-05-07 10:00:00"})");
  request_style style;
  style.zone_offset = -(3h + 30min);
  EXPECT_NE(request_body(request, style).find(R"("orderTimeBegin":"2024-05-06 22:21:59")"), std::string::npos);
}

TEST(request, an_exact_range_goes_to_the_api_as_it_is) {
  EXPECT_EQ(
      exact_body({core::second{1715046720s}, core::second{1715046720s}}, 20, 7, {}),
      R"({"pageNum":1,"pageSize":20,"orderStatus":7,"orderTimeBegin":"2024-05-07 09:52:00","orderTimeEnd":"2024-05-07 09:52:00"})");
}

TEST(request, unused_filters_are_omitted_null_or_empty) {
  request_style style;
  style.unused = unused_filters::null;
  auto body = boost::json::parse(request_body(request, style)).as_object();
  for (const auto* name : {"userIdList", "tbOrderId", "orderStatus"}) EXPECT_TRUE(body.at(name).is_null()) << name;
  style.unused = unused_filters::empty;
  body = boost::json::parse(request_body(request, style)).as_object();
  EXPECT_TRUE(body.at("userIdList").as_array().empty());
  EXPECT_EQ(body.at("tbOrderId").as_string(), "");
  EXPECT_TRUE(body.at("orderStatus").is_null());
}

TEST(request, orders_of_one_status_are_asked_for_by_its_number) {
  auto counting = request;
  counting.status = 5;
  request_style style;
  style.unused = unused_filters::null;
  EXPECT_EQ(boost::json::parse(request_body(counting, style)).at("orderStatus"), 5);
}

TEST(request, users_are_filtered_when_configured) {
  request_style style;
  style.user_id_list = {"1234", "5\"6"};
  EXPECT_NE(request_body(request, style).find(R"("userIdList":["1234","5\"6"])"), std::string::npos);
}

TEST(request, an_order_is_looked_up_by_its_number_in_a_range_around_its_creation_for_whomever_it_was_created) {
  request_style style;
  style.user_id_list = {"1234"};
  const core::window around{core::second{1'715'000'000s}, core::second{1'715'172'800s}};
  EXPECT_EQ(look_up_body("2042894174938880794", around, style),
            R"({"pageNum":1,"pageSize":20,"tbOrderId":"2042894174938880794",)"
            R"("orderTimeBegin":"2024-05-06 20:53:20","orderTimeEnd":"2024-05-08 20:53:20"})");
  style.unused = unused_filters::null;
  const auto body = boost::json::parse(look_up_body("1", around, style)).as_object();
  EXPECT_TRUE(body.at("userIdList").is_null());
  EXPECT_TRUE(body.at("orderStatus").is_null());
}

TEST(request, is_signed_over_what_the_headers_say) {
  const credentials who{"58c0201dfdf148eca63cbf6bb5e7cf03", "0123456789abcdef0123456789abcdef", "2100007341207"};
  auto sent = headers(who, {});
  EXPECT_EQ(sent.size(), 5U);
  EXPECT_EQ(sent["access-key"], who.access_key);
  EXPECT_EQ(sent["user-id"], who.user_id);
  EXPECT_EQ(sent["timestamp"], "1715669977082");
  EXPECT_EQ(sent["nonce-str"], std::string(32, 'A'));
  EXPECT_EQ(sent["signature"], sign(who.access_key, "1715669977082", std::string(32, 'A'), who.access_secret));
  request_style style;
  style.unit = timestamp_unit::seconds;
  EXPECT_EQ(headers(who, style)["timestamp"], "1715669977");
}

TEST(request, credentials_that_no_header_can_carry_are_an_error_without_them) {
  for (const auto& who : {credentials{"", "s", "u"}, credentials{"k", "", "u"}, credentials{"k", "s", ""},
                          credentials{"canary\r\nx: y", "s", "u"}, credentials{"k", "s", "canary 1"}}) {
    const auto made = system_headers(who, {}, core::instant{}, no_randomness);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, core::failure::input);
    EXPECT_EQ(made.error().what.find("canary"), std::string::npos);
  }
}

TEST(request, asks_for_a_detail_by_the_number_as_text) {
  EXPECT_EQ(detail_body("2060631267218818995"), R"({"webSite":"1688","orderId":"2060631267218818995"})");
}

TEST(request, asks_for_a_refund_in_the_query_whatever_its_id_holds) {
  EXPECT_EQ(refund_target("/alibaba/refund/info", "TQ8651493722961198"),
            "/alibaba/refund/info?refundId=TQ8651493722961198");
  EXPECT_EQ(refund_target("/r", "a b&c=\r\n退"), "/r?refundId=a%20b%26c%3D%0D%0A%E9%80%80");
}

}  // namespace
}  // namespace ordersync::pandapon
