#include "asking.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace pandapon_sim::testing {
namespace {

TEST(page, has_the_shape_of_the_vendors_sample) {
  world w(some_orders(30));
  const auto got = reply_to(w, R"({"pageNum":1,"pageSize":10})");
  EXPECT_EQ(integer(got, "total"), 30);
  EXPECT_EQ(integer(got, "code"), 200);
  ASSERT_EQ(got.at("data").as_array().size(), 10U);
  const auto& first = got.at("data").as_array()[0].as_object();
  std::string names;
  for (const auto& member : first) names += std::string(member.key()) + " ";
  EXPECT_EQ(
      names,
      "id developId flow orderNo tbOrderId discount productAmount shippingFee totalAmount refundAmount "
      "cargoParamList receiver subBuyerLoginId closeReason sellerLoginId warehouseAddressInfo isInvoice tradeType "
      "payStatus orderStatus refundStatus orderJson userId createTime platformOrder tbCreateTime "
      "orderDetailInfoVOS ");
  names.clear();
  for (const auto& member : first.at("orderDetailInfoVOS").as_array()[0].as_object())
    names += std::string(member.key()) + " ";
  EXPECT_EQ(names,
            "id orderId subTbOrderId productId name quantity unit skuId specId itemAmount price refund status skuInfos "
            "productImgUrl productSnapShotUrl createTime ");
}

TEST(page, all_pages_together_hold_every_order_once) {
  world w(some_orders(95, 5));
  std::set<std::string> ids;
  std::size_t listed = 0;
  for (int number = 1; number <= 11; ++number) {
    const auto got = reply_to(w, R"({"pageSize":10,"pageNum":)" + std::to_string(number) + "}");
    EXPECT_EQ(integer(got, "total"), 95);
    for (const auto& order : got.at("data").as_array()) {
      ids.insert(boost::json::serialize(order.at("id")));
      ++listed;
    }
  }
  EXPECT_EQ(ids.size(), 95U);
  EXPECT_EQ(listed, 95U);
}

TEST(page, comes_in_the_order_of_creation_then_id) {
  world w(some_orders(300));
  const auto got = reply_to(w, R"({"pageNum":1,"pageSize":300})");
  std::pair<std::int64_t, std::int64_t> last{0, 0};
  for (const auto& order : got.at("data").as_array()) {
    const std::pair now{integer(order.as_object(), "createTime"), integer(order.as_object(), "id")};
    EXPECT_LT(last, now);
    last = now;
  }
}

TEST(page, sizes_above_the_maximum_are_cut_down_silently) {
  options set = some_orders(95);
  set.max_page_size = 20;
  world w(set);
  EXPECT_EQ(reply_to(w, R"({"pageNum":1,"pageSize":50})").at("data").as_array().size(), 20U);
  EXPECT_EQ(reply_to(w, R"({"pageNum":5,"pageSize":50})").at("data").as_array().size(), 15U);
}

TEST(page, sizes_above_the_maximum_may_give_few_orders_or_fail) {
  options set = some_orders(95);
  set.max_page_size = 40;
  set.beyond = large_pages::few;
  world few(set);
  EXPECT_EQ(reply_to(few, R"({"pageNum":1,"pageSize":50})").at("data").as_array().size(), 20U);
  EXPECT_EQ(reply_to(few, R"({"pageNum":1,"pageSize":40})").at("data").as_array().size(), 40U);
  set.beyond = large_pages::refused;
  world strict(set);
  EXPECT_EQ(integer(reply_to(strict, R"({"pageNum":1,"pageSize":41})"), "code"), 40003);
  EXPECT_EQ(reply_to(strict, R"({"pageNum":1,"pageSize":40})").at("data").as_array().size(), 40U);
}

/// Orders at noon exactly, half a second later and a second later.
world three_orders(bool begin_belongs, bool end_belongs) {
  options set = some_orders(0);
  set.how.ends = {begin_belongs, end_belongs};
  world w(set);
  for (const epoch_ms time : {noon, noon + 500, noon + 1000}) w.orders.add(time, time);
  return w;
}

const std::string noon_second =
    R"({"pageNum":1,"pageSize":9,"orderTimeBegin":"2024-05-07 12:00:00","orderTimeEnd":"2024-05-07 12:00:01"})";

TEST(filter, both_ends_belong_to_the_range_by_default) {
  for (const bool begin : {true, false})
    for (const bool end : {true, false}) {
      world w = three_orders(begin, end);
      EXPECT_EQ(integer(reply_to(w, noon_second), "total"), 1 + begin + end) << begin << end;
    }
}

TEST(filter, a_whole_second_excludes_the_milliseconds_after_it) {
  world w = three_orders(true, true);
  EXPECT_EQ(integer(reply_to(w, R"({"pageNum":1,"pageSize":9,"orderTimeEnd":"2024-05-07 12:00:00"})"), "total"), 1);
}

TEST(filter, a_point_in_time_is_an_empty_range_when_an_end_is_excluded) {
  world w = three_orders(false, false);
  const std::string point =
      R"({"pageNum":1,"pageSize":9,"orderTimeBegin":"2024-05-07 12:00:00","orderTimeEnd":"2024-05-07 12:00:00"})";
  EXPECT_EQ(integer(reply_to(w, point), "total"), 0);
}

TEST(filter, unused_filters_may_be_null_or_empty) {
  world w(some_orders(12));
  EXPECT_EQ(integer(reply_to(w, R"({"pageNum":1,"pageSize":1,"userIdList":null,"tbOrderId":null,"orderStatus":null,
      "orderTimeBegin":null,"orderTimeEnd":null})"),
                    "total"),
            12);
  EXPECT_EQ(integer(reply_to(w, R"({"pageNum":1,"pageSize":1,"userIdList":[],"tbOrderId":"","orderStatus":"",
      "orderTimeBegin":"","orderTimeEnd":""})"),
                    "total"),
            12);
}

TEST(filter, left_out_may_mean_open_orders_alone_or_be_refused) {
  options set = some_orders(400);
  set.how.unused = {.omitted = unused_filter::open, .null = unused_filter::refused, .empty = unused_filter::all};
  world w(set);
  const auto total = [&](const std::string& filters) {
    return integer(reply_to(w, R"({"pageNum":1,"pageSize":1)" + filters + "}"), "total");
  };
  std::int64_t open = 0;
  for (const char* status : {"1", "2", "3", "4"}) open += total(std::string(R"(,"orderStatus":)") + status);
  EXPECT_GT(open, 0);
  EXPECT_LT(open, 400);
  EXPECT_EQ(total(""), open);
  EXPECT_EQ(total(R"(,"orderStatus":"")"), 400);
  EXPECT_EQ(integer(reply_to(w, R"({"pageNum":1,"pageSize":1,"orderStatus":null})"), "code"), 40003);
  EXPECT_EQ(integer(reply_to(w, R"({"pageNum":1,"pageSize":1,"userIdList":null})"), "code"), 40003);
  EXPECT_EQ(integer(reply_to(w, R"({"pageNum":1,"pageSize":1,"tbOrderId":null})"), "code"), 40003);
}

TEST(filter, as_many_users_order_as_are_asked_for) {
  auto options = some_orders(400);
  options.orders_from.users = 20;
  world w(options);
  std::map<std::string, int> orders;
  const auto all = reply_to(w, R"({"pageNum":1,"pageSize":400})");
  for (const auto& order : all.at("data").as_array()) ++orders[std::string(order.at("userId").as_string())];
  EXPECT_EQ(orders.size(), 20U);
  EXPECT_EQ(orders.begin()->first, "2200000000001");
  EXPECT_EQ(orders.rbegin()->first, "2200000000020");
  EXPECT_LT(orders.begin()->second, 45) << "none orders far more than others";
}

TEST(filter, users_status_and_order_number_narrow_the_list) {
  world w(some_orders(400));
  const auto all = reply_to(w, R"({"pageNum":1,"pageSize":400})");
  std::int64_t of_first = 0, successes = 0;
  for (const auto& order : all.at("data").as_array()) {
    of_first += order.at("userId") == "2200000000001";
    successes += order.at("orderStatus") == 5;
  }
  EXPECT_GT(of_first, 100);
  EXPECT_LT(of_first, 300);
  const auto total = [&](const std::string& filter) {
    return integer(reply_to(w, R"({"pageNum":1,"pageSize":1,)" + filter + "}"), "total");
  };
  EXPECT_EQ(total(R"("userIdList":["2200000000001","9"])"), of_first);
  EXPECT_EQ(total(R"("userIdList":["9"])"), 0);
  EXPECT_EQ(total(R"("orderStatus":5)"), successes);
  const std::string number(all.at("data").as_array()[99].at("tbOrderId").as_string());
  EXPECT_EQ(total(R"("tbOrderId":")" + number + "\""), 1);
}

TEST(filter, may_look_at_the_other_creation_time) {
  options set = some_orders(50'000);
  set.filter_by_tb_time = true;
  world w(set);
  const auto got = reply_to(
      w,
      R"({"pageNum":1,"pageSize":5000,"orderTimeBegin":"2024-05-07 12:00:00","orderTimeEnd":"2024-05-07 13:00:00"})");
  ASSERT_GT(integer(got, "total"), 50);
  bool created_outside = false;
  for (const auto& order : got.at("data").as_array()) {
    EXPECT_GE(integer(order.as_object(), "tbCreateTime"), noon);
    EXPECT_LE(integer(order.as_object(), "tbCreateTime"), noon + 3'600'000);
    created_outside = created_outside || integer(order.as_object(), "createTime") < noon;
  }
  EXPECT_TRUE(created_outside);
}

struct refused_body {
  const char* body;
  std::int64_t code;
};

class parameters : public ::testing::TestWithParam<refused_body> {};

TEST_P(parameters, that_are_wrong_get_a_code_in_a_200) {
  world w(some_orders(3));
  const reply got = handle_page(w, ask(GetParam().body), noon);
  EXPECT_EQ(got.status, 200U);
  const auto body = boost::json::parse(got.body).as_object();
  EXPECT_EQ(integer(body, "code"), GetParam().code);
  EXPECT_TRUE(body.at("data").is_null());
  EXPECT_EQ(w.page_requests, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    each, parameters,
    ::testing::Values(refused_body{"", 40001}, refused_body{"[]", 40001}, refused_body{R"({"pageNum":1,)", 40001},
                      refused_body{R"({"pageNum":1,"pageSize":1,"orderTimeStart":"x"})", 40002},
                      refused_body{R"({"pageNum":1})", 40003}, refused_body{R"({"pageNum":0,"pageSize":1})", 40003},
                      refused_body{R"({"pageNum":"1","pageSize":1})", 40003},
                      refused_body{R"({"pageNum":1,"pageSize":1,"userIdList":"1"})", 40003},
                      refused_body{R"({"pageNum":1,"pageSize":1,"orderStatus":"5"})", 40003},
                      refused_body{R"({"pageNum":1,"pageSize":1,"orderTimeBegin":1715054400000})", 40003},
                      refused_body{R"({"pageNum":1,"pageSize":1,"orderTimeBegin":"2024-05-07T12:00:00"})", 40004},
                      refused_body{R"({"pageNum":1,"pageSize":1,"orderTimeBegin":"2024-05-07 12:00:00",
                                       "orderTimeEnd":"2024-05-07 11:59:59"})",
                                   40004}));

}  // namespace
}  // namespace pandapon_sim::testing
