#include "push/message.hpp"

#include "identity.hpp"
#include "simulator/behaving.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace pandapon_sim::testing {
namespace {

namespace json = boost::json;

struct change {
  event what;
  standing before, after;
};

/// The first change of an order's life, among many orders, that `wanted` accepts.
std::optional<change> find_change(const world& w, const std::function<bool(const change&)>& wanted) {
  for (entry which = 0; which < w.orders.known(); ++which) {
    for (std::uint16_t version = 1; version < 6; ++version) {
      const change found{{noon, which, version, happening::changed, 1},
                         w.orders.stood(which, static_cast<std::uint16_t>(version - 1)),
                         w.orders.stood(which, version)};
      if (wanted(found)) return found;
    }
  }
  return std::nullopt;
}

std::function<bool(const change&)> moving(order_status from, order_status to) {
  return [from, to](const change& c) { return c.before.status == from && c.after.status == to; };
}

json::object body_of(const world& w, const event& what, const push_rules& rules = {}) {
  return json::parse(write_push(w.orders, rules, what).body).as_object();
}

json::object message_of(const world& w, const event& what, const push_rules& rules = {}) {
  return json::parse(write_push(w.orders, rules, what).message).as_object();
}

std::string text(const json::object& from, const char* key) {
  return std::string(from.at(key).as_string());
}

TEST(push_message, has_the_type_of_what_happened) {
  using enum order_status;
  const world w = behaving("", 2000);
  const auto type = [&w](const std::function<bool(const change&)>& wanted) {
    const auto found = find_change(w, wanted);
    return found ? text(body_of(w, found->what), "messageType") : "no such change";
  };
  EXPECT_EQ(type(moving(wait_buyer_pay, wait_seller_send)), "ORDER_PAY_SUCCESS");
  EXPECT_EQ(type(moving(wait_buyer_pay, cancel)), "ORDER_CANCEL");
  EXPECT_EQ(type(moving(wait_buyer_pay, wait_buyer_pay)), "ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY");
  EXPECT_EQ(type(moving(wait_seller_send, wait_buyer_receive)), "ORDER_BUYER_VIEW_ANNOUNCE_SENDGOODS");
  EXPECT_EQ(type(moving(wait_seller_send, terminated)), "ORDER_BUYER_VIEW_ORDER_BUYER_REFUND_IN_SALES");
  EXPECT_EQ(type(moving(wait_buyer_receive, confirm_goods)), "ORDER_BUYER_VIEW_ORDER_COMFIRM_RECEIVEGOODS");
  EXPECT_EQ(type(moving(confirm_goods, success)), "ORDER_BUYER_VIEW_ORDER_SUCCESS");
  EXPECT_EQ(type(moving(success, success)), "ORDER_BUYER_VIEW_ORDER_REFUND_AFTER_SALES");
  EXPECT_EQ(type(moving(terminated, terminated)), "ORDER_BUYER_VIEW_ORDER_BUYER_REFUND");
  EXPECT_EQ(type(moving(cancel, terminated)), "ORDER_BUYER_VIEW_ORDER_SELLER_CLOSE");
  EXPECT_EQ(body_of(w, {noon, 0, 0, happening::created, 0}).at("messageType"), "ORDER_CREATE");
}

TEST(push_message, says_of_the_order_what_the_list_says) {
  const world w = behaving("", 50);
  const event what{noon, 17, 0, happening::created, 0};
  const order o = w.orders.composed(17, 0);
  const json::object body = body_of(w, what);
  EXPECT_EQ(body.at("messagePlatform"), 1);
  EXPECT_EQ(text(body, "timestamp"), std::to_string(noon));
  ASSERT_TRUE(body.at("messageBody").is_string());
  const json::object message = json::parse(body.at("messageBody").as_string()).as_object();
  EXPECT_EQ(message, message_of(w, what));
  EXPECT_EQ(text(message, "orderId"), std::to_string(tb_order_id(7, 17)));
  EXPECT_EQ(text(message, "orderNo"), o.order_no.value);
  EXPECT_EQ(message.at("totalAmount"), o.total_amount.value);
  EXPECT_EQ(message.at("payStatus"), o.pay_status.value);
  std::string created;
  append_iso_utc(created, o.tb_created.value + vendor_zone_ms);
  created.replace(10, 1, " ").resize(19);
  EXPECT_EQ(text(message, "tbCreateTime"), created);
}

TEST(push_message, names_statuses_by_words_and_the_payment_by_its_time) {
  using enum order_status;
  const world w = behaving("", 2000);
  const auto paid = find_change(w, moving(wait_buyer_pay, wait_seller_send));
  ASSERT_TRUE(paid);
  const json::object message = message_of(w, paid->what);
  EXPECT_EQ(message.at("orderStatus"), "WAITING_FOR_SENT");
  EXPECT_EQ(message.at("payTime"), "2024-05-07 12:00:00");
  const auto cancelled = find_change(w, moving(wait_buyer_pay, cancel));
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(message_of(w, cancelled->what).at("orderStatus"), "CANCEL");
  EXPECT_FALSE(message_of(w, cancelled->what).contains("payTime"));
}

TEST(push_message, about_a_refund_names_it) {
  using enum order_status;
  const world w = behaving("", 500);
  const auto refunded = find_change(w, moving(success, success));
  ASSERT_TRUE(refunded);
  EXPECT_TRUE(message_of(w, refunded->what).at("refundId").as_string().starts_with("TQ"));
}

TEST(push_message, may_name_the_platforms_number) {
  const world w = behaving("", 50);
  push_rules rules;
  rules.platform_number = true;
  EXPECT_EQ(text(message_of(w, {noon, 17, 0, happening::created, 0}, rules), "orderId"),
            std::to_string(order_id(7, 17)));
}

TEST(push_message, may_hold_an_object_whose_text_is_the_message) {
  const world w = behaving("", 50);
  push_rules rules;
  rules.message_as_object = true;
  const push_message what = write_push(w.orders, rules, {noon, 17, 0, happening::created, 0});
  EXPECT_TRUE(json::parse(what.body).at("messageBody").is_object());
  EXPECT_NE(what.body.find("\"messageBody\":" + what.message + ","), std::string::npos);
}

TEST(push_message, of_nothing_that_happened_has_the_type_of_the_orders_status) {
  const world w = behaving("", 500);
  std::map<std::string, std::set<std::string>> types;
  for (entry which = 0; which < 500; ++which) {
    const event what{noon, which, 0, happening::changed, 0};
    types[text(message_of(w, what), "orderStatus")].insert(text(body_of(w, what), "messageType"));
  }
  EXPECT_EQ(types.size(), 8U);
  EXPECT_EQ(types["WAITING_FOR_SENT"], std::set<std::string>{"ORDER_PAY_SUCCESS"});
  EXPECT_EQ(types["CANCEL"], std::set<std::string>{"ORDER_CANCEL"});
}

// RFC 4231, test case 2.
TEST(push_signature, is_hmac_sha256_of_the_body_or_of_the_message_in_either_case) {
  const std::string text = "what do ya want for nothing?";
  const std::string hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  std::string upper = hex;
  for (char& c : upper)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  push_rules rules;
  EXPECT_EQ(sign_push(rules, {text, "other"}, "Jefe"), hex);
  rules.upper_case = true;
  EXPECT_EQ(sign_push(rules, {text, "other"}, "Jefe"), upper);
  rules.sign_message = true;
  EXPECT_EQ(sign_push(rules, {"other", text}, "Jefe"), upper);
}

}  // namespace
}  // namespace pandapon_sim::testing
