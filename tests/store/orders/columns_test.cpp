// Every kind of column holds the extremes of its type, whether the order is new or changed.
#include "store/store_fixture.hpp"

#include <fmt/format.h>

#include <limits>

namespace ordersync::store_test {
namespace {

using namespace std::chrono;

class columns_of_orders : public store_test {
 protected:
  // Stores the order as a new one; then, over another state of it, as a changed one.
  template <class Check>
  void new_and_changed(core::order order, Check check) {
    order.flow = "something else";
    rehash(order);
    store_orders({order}, 100);
    check();
    EXPECT_EQ(store_orders({sample_order(order.id)}, 200).changed, 1);
    EXPECT_EQ(store_orders({order}, 300).changed, 1);
    check();
  }
};

TEST_F(columns_of_orders, whole_numbers_keep_their_extremes) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max(), least = std::numeric_limits<std::int64_t>::min();
  auto o = sample_order(most);
  o.develop_id = least;
  o.discount_fen = least;
  o.total_amount_fen = most;
  o.is_invoice = std::numeric_limits<std::int32_t>::min();
  o.pay_status = std::numeric_limits<std::int32_t>::max();
  o.items[0].id = least;
  o.items[0].sku_id = most;
  o.items[0].status = -1;
  o.cargo[0].offer_id = least;
  new_and_changed(o, [&] {
    EXPECT_EQ(table("SELECT id, develop_id, discount_fen, total_amount_fen, is_invoice, pay_status "
                    "FROM ordersync.orders"),
              "9223372036854775807,-9223372036854775808,-9223372036854775808,9223372036854775807,-2147483648,"
              "2147483647");
    EXPECT_EQ(table("SELECT id, sku_id, status FROM ordersync.order_items WHERE position = 0"),
              "-9223372036854775808,9223372036854775807,-1");
    EXPECT_EQ(value("SELECT offer_id FROM ordersync.order_cargo"), "-9223372036854775808");
  });
}

TEST_F(columns_of_orders, a_status_beyond_32_bits_is_refused_and_not_cut) {
  auto o = sample_order(1);
  o.pay_status = std::int64_t{1} << 32U;
  EXPECT_EQ(commit_fails(proven_batch(span(0, 60), {o})).kind, core::failure::database);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
}

TEST_F(columns_of_orders, times_reach_from_the_year_1_to_9999) {
  auto o = sample_order(1);
  for (const auto& [time, text] :
       {std::pair{core::instant{sys_days{year{1} / 1 / 1}}, "0001-01-01 00:00:00+00"},
        {core::instant{sys_days{year{10000} / 1 / 1}} - milliseconds{1}, "9999-12-31 23:59:59.999+00"},
        {core::instant{sys_days{year{2000} / 1 / 1}} - milliseconds{1}, "1999-12-31 23:59:59.999+00"},
        {core::instant{}, "1970-01-01 00:00:00+00"}}) {
    ++o.id;
    o.created_at = o.tb_created_at = time;
    o.items[0].created_at = time;
    rehash(o);
    store_orders({o});
    EXPECT_EQ(table(fmt::format("SELECT created_at AT TIME ZONE 'UTC' = TIMESTAMP '{0}', tb_created_at = '{1}', "
                                "(SELECT created_at = '{1}' FROM ordersync.order_items WHERE order_id = o.id AND "
                                "position = 0) FROM ordersync.orders o WHERE id = {2}",
                                std::string_view(text).substr(0, std::string_view(text).size() - 3), text, o.id)),
              "t,t,t")
        << text;
  }
}

TEST_F(columns_of_orders, decimals_are_kept_digit_by_digit) {
  const std::string long_number = std::string(60, '9') + "." + std::string(39, '7') + "1";
  auto o = sample_order(1);
  for (const std::string& text : {std::string{"0"}, std::string{"-0.5"}, std::string{"10000"}, std::string{"99999999"},
                                  std::string{"0.0001"}, std::string{"0.00001"}, std::string{"123456.000789"},
                                  std::string{"-12345678901234567890"}, std::string{"1000000000000"}, long_number}) {
    ++o.id;
    o.items[0].quantity = text;
    o.cargo[0].quantity = text;
    rehash(o);
    store_orders({o});
    EXPECT_EQ(table(fmt::format("SELECT i.quantity, c.quantity FROM ordersync.order_items i JOIN ordersync.order_cargo "
                                "c USING (order_id) WHERE order_id = {} AND i.position = 0",
                                o.id)),
              text + "," + text);
    EXPECT_EQ(value(fmt::format("SELECT quantity = {} AND quantity + 1 = {} + 1 AND scale(quantity) = scale({}) "
                                "FROM ordersync.order_cargo WHERE order_id = {}",
                                text, text, text, o.id)),
              "t")
        << text;
  }
}

TEST_F(columns_of_orders, lists_may_be_missing_empty_or_hold_anything) {
  auto o = sample_order(1);
  o.items[0].image_urls = std::vector<std::string>{};
  o.items[1].image_urls.reset();
  new_and_changed(o, [&] {
    EXPECT_EQ(table("SELECT image_urls, cardinality(image_urls) FROM ordersync.order_items ORDER BY position"),
              "{},0\n,");
  });
  auto other = sample_order(2);
  other.items[0].image_urls = {{"NULL", "a\"b", "c\\d", "", "e,f}", "😀\U0010FFFF", " "}};
  rehash(other);
  store_orders({other});
  EXPECT_EQ(value("SELECT image_urls = ARRAY['NULL', 'a\"b', 'c\\d', '', 'e,f}', '😀\U0010FFFF', ' '] AND "
                  "array_lower(image_urls, 1) = 1 FROM ordersync.order_items WHERE order_id = 2 AND position = 0"),
            "t");
}

TEST_F(columns_of_orders, json_is_what_its_text_says) {
  auto o = sample_order(1);
  o.items[0].sku_attributes = R"([{"name":"\ud83d\ude00 \"q\"","value":1.50},[],null,true])";
  o.items[1].sku_attributes = "[]";
  new_and_changed(o, [&] {
    EXPECT_EQ(value("SELECT jsonb_agg(sku_attributes ORDER BY position) FROM ordersync.order_items"),
              R"([[{"name": "😀 \"q\"", "value": 1.50}, [], null, true], []])");
  });
}

TEST_F(columns_of_orders, flags_are_true_false_or_unknown) {
  auto yes = sample_order(1), no = sample_order(2), unknown = sample_order(3);
  no.submission_success = false;
  unknown.submission_success.reset();
  rehash(no);
  rehash(unknown);
  store_orders({yes, no, unknown});
  EXPECT_EQ(table("SELECT submission_success FROM ordersync.orders ORDER BY id"), "t\nf\n");
}

TEST_F(columns_of_orders, text_that_is_no_utf8_or_holds_a_nul_byte_is_refused_in_every_table) {
  for (const std::string& poison : {std::string{"a\0b", 3}, std::string{"\xE4\xBB"}, std::string{"\xED\xA0\x80"}}) {
    std::vector<core::order> orders(6, sample_order(1));
    orders[0].flow = poison;
    orders[1].items[0].name = poison;
    orders[2].items[0].image_urls = {{poison}};
    orders[3].cargo[0].spec_id = poison;
    orders[4].receiver->address = poison;
    orders[5].warehouse_address->town = poison;
    for (const auto& o : orders) {
      const auto refused = commit_fails(proven_batch(span(0, 60), {o}));
      EXPECT_NE(refused.what.find("22021"), std::string::npos) << refused.what;
    }
  }
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
}

}  // namespace
}  // namespace ordersync::store_test
