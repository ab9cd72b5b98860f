// Orders as JSON: ids are text, and what is not known is null.
#include "app/orders/order_json.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace ordersync::app::orders {
namespace {

namespace json = boost::json;

store::reports::order_report sample() {
  store::reports::order_report order;
  order.id = 9'007'199'254'740'993;  // 2^53 + 1
  order.account = "main";
  order.lines.push_back({.id = 9'223'372'036'854'775'807, .name = "a\x1b[31mb"});
  return order;
}

TEST(order_json, has_ids_as_text) {
  const auto object = json_of(sample());
  EXPECT_EQ(object.at("id"), "9007199254740993");
  EXPECT_EQ(object.at("items").at(0).at("id"), "9223372036854775807");
  EXPECT_EQ(object.at("items").at(0).at("name"), "a\x1b[31mb");
}

TEST(order_json, has_null_for_what_is_not_known) {
  const auto object = json_of(sample());
  for (const auto* name : {"status", "created_at", "vanished_at", "last_read", "erased", "total_amount_fen"})
    EXPECT_TRUE(object.at(name).is_null()) << name;
}

TEST(order_json, has_addresses_only_where_they_were_read) {
  auto order = sample();
  EXPECT_FALSE(json_of(order).contains("receiver"));
  order.receiver.push_back({"full_name", "Somebody"});
  EXPECT_EQ(json_of(order).at("receiver").at("full_name"), "Somebody");
}

TEST(order_json, says_whether_an_order_is_there) {
  EXPECT_TRUE(lookup_json("7", {sample()}, std::nullopt).at("absent").is_null());
  const auto absent = lookup_json("7", {}, absence{{{"number", "", "mistyped"}}, {}});
  EXPECT_EQ(absent.at("absent").at("reasons").at(0).at("code"), "number");
  EXPECT_TRUE(absent.at("orders").as_array().empty());
}

TEST(order_json, says_what_a_refresh_changed) {
  refreshed one{.number = "7", .outcome = refresh_outcome::changed, .order_id = 7, .account = "main"};
  one.changes.push_back({"order_status", "1", "2", "order_status: a -> b"});
  const auto object = json_of(one);
  EXPECT_EQ(object.at("outcome"), "changed");
  EXPECT_EQ(object.at("order_id"), "7");
  EXPECT_EQ(object.at("changes").at(0).at("to"), "2");
  EXPECT_TRUE(object.at("searched").is_null());
  EXPECT_TRUE(object.at("detail").is_null());
}

TEST(order_json, says_what_came_of_the_detail) {
  refreshed one{.number = "7", .outcome = refresh_outcome::unchanged, .order_id = 7, .account = "main"};
  one.detail = {.outcome = "changed", .reason = "", .refunds = 2, .missing = "why"};
  const auto detail = json_of(one).at("detail");
  EXPECT_EQ(detail.at("outcome"), "changed");
  EXPECT_EQ(detail.at("refunds"), 2);
  EXPECT_EQ(detail.at("refunds_missing"), "why");
}

TEST(order_json, has_what_the_detail_says_and_when_it_is_read) {
  auto order = sample();
  EXPECT_TRUE(json_of(order).at("detail").is_null());
  EXPECT_TRUE(json_of(order).at("detail_due").is_null());
  order.detail.emplace();
  order.detail->payments.push_back({.way = "支付宝", .amount_fen = 1250});
  order.detail->parcels.push_back({.waybill_number = "SF1", .lines = 2});
  order.detail->refunds.push_back({.id = "TQ1"});
  order.detail_due = {.tries = 3, .reason = "why"};
  const auto detail = json_of(order).at("detail");
  EXPECT_TRUE(detail.at("paid_at").is_null());
  EXPECT_EQ(detail.at("payments").at(0).at("amount_fen"), 1250);
  EXPECT_TRUE(detail.at("payments").at(0).at("paid_at").is_null());
  EXPECT_EQ(detail.at("parcels").at(0).at("waybill_number"), "SF1");
  EXPECT_EQ(detail.at("refunds").at(0).at("id"), "TQ1");
  EXPECT_EQ(json_of(order).at("detail_due").at("reason"), "why");
}

}  // namespace
}  // namespace ordersync::app::orders
