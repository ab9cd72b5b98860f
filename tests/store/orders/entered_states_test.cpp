// Which change of an order asks for its detail. Pure.
#include "store/orders/entered_states.hpp"

#include <gtest/gtest.h>

namespace ordersync::store::orders {
namespace {

using rule = bool pg::detail_rules::*;

constexpr core::instant now{std::chrono::milliseconds{1'715'000'000'000}};

core::order order_in(core::integer status) {
  core::order o;
  o.tb_order_id = "2042894174938880794";
  o.order_status = status;
  o.created_at = now - std::chrono::hours{1};
  o.observed_at = now;
  return o;
}

pg::detail_rules only(rule which) {
  pg::detail_rules rules{.younger_than = std::chrono::hours{24}};
  rules.*which = true;
  return rules;
}

// Statuses 1 to 8, as digits, that an order which was in `was` (0: which is new) enters by the rule.
std::string entered(rule which, int was) {
  std::string found;
  for (int status = 1; status <= 8; ++status) {
    const order_state before{was, {}, {}, {}};
    if (enters(order_in(status), was == 0 ? nullptr : &before, only(which))) found += std::to_string(status);
  }
  return found;
}

TEST(entered_states, a_payment_is_noticed_in_any_later_state_that_follows_it) {
  EXPECT_EQ(entered(&pg::detail_rules::paid, 0), "2345");
  EXPECT_EQ(entered(&pg::detail_rules::paid, 1), "2345");
  EXPECT_EQ(entered(&pg::detail_rules::paid, 2), "");
  EXPECT_EQ(entered(&pg::detail_rules::paid, 3), "2");
}

TEST(entered_states, each_other_state_is_entered_by_its_own_status_alone) {
  for (const int was : {0, 1, 2}) {
    EXPECT_EQ(entered(&pg::detail_rules::shipped, was), "3");
    EXPECT_EQ(entered(&pg::detail_rules::received, was), "4");
    EXPECT_EQ(entered(&pg::detail_rules::finished, was), "5");
    EXPECT_EQ(entered(&pg::detail_rules::closed, was), "67");
  }
  for (const int was : {0, 2}) EXPECT_EQ(entered(&pg::detail_rules::unpaid, was), "1");
  EXPECT_EQ(entered(&pg::detail_rules::unpaid, 1), "");
  EXPECT_EQ(entered(&pg::detail_rules::shipped, 3), "");
  EXPECT_EQ(entered(&pg::detail_rules::closed, 6), "7");
}

TEST(entered_states, a_refund_is_noticed_by_its_state_its_amount_and_money_that_returned) {
  const auto rules = only(&pg::detail_rules::refund);
  auto o = order_in(2);
  o.refund_amount_fen = 0;
  const auto was = state_of(o);
  EXPECT_FALSE(enters(o, &was, rules));
  EXPECT_FALSE(enters(o, nullptr, rules));
  auto refunded = o;
  refunded.refund_amount_fen = 5;
  EXPECT_TRUE(enters(refunded, &was, rules));
  EXPECT_TRUE(enters(refunded, nullptr, rules));
  auto under_way = o;
  under_way.refund_status = 1;
  EXPECT_TRUE(enters(under_way, &was, rules));
  EXPECT_FALSE(enters(under_way, nullptr, rules)) << "its numbers are not documented";
  auto returned = o;
  returned.pay_status = 4;
  EXPECT_TRUE(enters(returned, &was, rules));
  EXPECT_TRUE(enters(returned, nullptr, rules));
  auto paid = o;
  paid.pay_status = 2;
  EXPECT_FALSE(enters(paid, &was, rules));
}

TEST(entered_states, of_an_order_without_a_number_or_too_old_are_nobodys_business) {
  const auto rules = only(&pg::detail_rules::paid);
  auto o = order_in(2);
  EXPECT_TRUE(enters(o, nullptr, rules));
  o.tb_order_id = "";
  EXPECT_FALSE(enters(o, nullptr, rules));
  o.tb_order_id.reset();
  EXPECT_FALSE(enters(o, nullptr, rules));
  for (const auto* unusable : {" ", "null", "20428x"}) {
    o.tb_order_id = unusable;
    EXPECT_FALSE(enters(o, nullptr, rules)) << unusable;
  }
  o = order_in(2);
  o.created_at = now - std::chrono::hours{25};
  EXPECT_FALSE(enters(o, nullptr, rules));
  o.created_at.reset();
  EXPECT_TRUE(enters(o, nullptr, rules)) << "nobody knows how old it is";
  o.tb_created_at = now - std::chrono::hours{25};
  EXPECT_FALSE(enters(o, nullptr, rules));
}

TEST(entered_states, an_order_that_gets_a_number_is_as_one_that_is_new) {
  const auto rules = only(&pg::detail_rules::paid);
  auto without = order_in(2);
  without.tb_order_id = " ";
  const auto was = state_of(without);
  EXPECT_TRUE(enters(order_in(2), &was, rules));
  EXPECT_FALSE(enters(order_in(1), &was, rules));
}

}  // namespace
}  // namespace ordersync::store::orders
