// What the views say of orders that are known.
#include "reporting_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::reporting_test {
namespace {

using ordersync::store_test::rehash;
using ordersync::store_test::sample_order;
using ::testing::HasSubstr;
using ::testing::Not;

class views : public reporting_test {
 protected:
  // The order 1 as it is at last.
  void store_with(core::integer status, int observed = 500'000) {
    auto order = sample_order(1);
    order.order_status = status;
    rehash(order);
    store_orders({order}, observed);
  }
  // Its history instead of what the store wrote: a day between two states, from 2024-05-07T00:01:40Z on.
  void rewrite_history(const std::vector<std::string>& changes) {
    execute("DELETE FROM ordersync.order_history WHERE order_id = 1");
    const auto from = [](std::size_t n) {
      return "'2024-05-07 00:01:40Z'::timestamptz + interval '" + std::to_string(n) + " days'";
    };
    const auto last = changes.size() - 1;
    for (std::size_t i = 0; i < last; ++i)
      execute(
          "INSERT INTO ordersync.order_history (order_id, version, valid_from, valid_to, account, changed, state) "
          "VALUES (1, " +
          std::to_string(i + 1) + ", " + from(i) + ", " + from(i + 1) + ", 'main', '" + changes[i] +
          R"(', '{"order": {"order_status": 1, "total_amount_fen": 4518}}'))");
    execute("UPDATE ordersync.orders SET _version = " + std::to_string(last + 1) + ", _changed_at = " + from(last) +
            ", _changed = '" + changes[last] + "' WHERE id = 1");
  }
  static std::string status_change(int before, int after) {
    return R"({"order_status": {"old": )" + std::to_string(before) + R"(, "new": )" + std::to_string(after) + "}}";
  }
};

TEST_F(views, every_one_of_the_contract_is_there) {
  EXPECT_EQ(value("SELECT string_agg(name, ' ') FROM unnest(ARRAY['orders', 'order_items', 'order_timeline', "
                  "'daily_orders', 'seller_performance', 'product_sales', 'open_orders', 'refunds', 'freshness', "
                  "'coverage_gaps']) AS name WHERE to_regclass('reporting.' || name) IS NULL"),
            "NULL");
}

TEST_F(views, every_view_column_and_function_carries_a_comment_and_a_view_names_its_grain) {
  EXPECT_EQ(
      table("SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' "
            "AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'Grain: one row%'"),
      "NULL");
  EXPECT_EQ(table("SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                  "WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' AND a.attnum > 0 "
                  "AND col_description(c.oid, a.attnum) IS NULL"),
            "NULL");
  EXPECT_EQ(table("SELECT p.proname FROM pg_proc p WHERE p.pronamespace::regnamespace::text IN ('ordersync', "
                  "'reporting') AND obj_description(p.oid, 'pg_proc') IS NULL"),
            "NULL");
}

TEST_F(views, an_order_is_in_yuan_with_both_names_of_its_status) {
  store_orders({sample_order(1)});
  EXPECT_EQ(
      table("SELECT order_id, account, order_status, order_status_1688, order_status_code, pay_status, total_amount, "
            "shipping_fee, discount, lines, vanished FROM reporting.orders"),
      "1,main,terminated,terminated,7,unpaid,45.18,5.00,-2.50,2,f");
  EXPECT_EQ(table("SELECT DISTINCT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = "
                  "'reporting.orders'::regclass AND attname ~ '(amount|fee|discount|total)$'"),
            "\"numeric(14,2)\"");
}

TEST_F(views, every_status_has_its_names_and_an_unknown_one_says_so) {
  EXPECT_EQ(table("SELECT reporting.order_status_name(n) AS e, reporting.order_status_1688(n) AS o FROM "
                  "generate_series(1, 9) n"),
            "\"awaiting payment\",waitbuyerpay\n\"awaiting shipment\",waitsellersend\n"
            "\"awaiting receipt\",waitbuyerreceive\n\"goods confirmed\",confirm_goods\ncompleted,success\n"
            "cancelled,cancel\nterminated,terminated\nother,other\n\"unknown (9)\",");
  EXPECT_EQ(table("SELECT reporting.pay_status_name(n) FROM unnest(ARRAY[1, 2, 4, 6, 8, 9, 3]) n"),
            "unpaid\npaid\nrefunded\ncompleted\n\"cancelled before payment\"\n\"in progress\"\n\"unknown (3)\"");
  EXPECT_EQ(value("SELECT reporting.order_status_name(NULL)"), "NULL");
}

TEST_F(views, a_day_is_one_of_the_apis_zone) {
  auto late = sample_order(1), early = sample_order(2);
  late.created_at = at_ms(16 * 3600 - 1);  // 2024-05-07T23:59:59+08:00
  early.created_at = at_ms(16 * 3600);
  for (auto* o : {&late, &early}) rehash(*o);
  store_orders({late, early});
  EXPECT_EQ(table("SELECT created_day FROM reporting.orders ORDER BY order_id"), "2024-05-07\n2024-05-08");
  EXPECT_EQ(table("SELECT day, orders, amount, shipping, discount, refunds, cancelled, cancelled_amount FROM "
                  "reporting.daily_orders ORDER BY day LIMIT 1"),
            "2024-05-07,1,45.18,5.00,-2.50,0.00,1,45.18");
}

TEST_F(views, attributes_of_a_variant_can_be_read_and_filtered_by) {
  auto order = sample_order(1);
  order.items.at(0).sku_attributes = R"([{"name": "颜色", "value": "红"}, {"name": "尺码", "value": "XL"}])";
  order.items.at(1).sku_attributes = R"([{"name": "颜色", "value": "蓝"}])";
  rehash(order);
  store_orders({order});
  EXPECT_EQ(table("SELECT sku FROM reporting.order_items ORDER BY position"), "\"颜色: 红; 尺码: XL\"\n\"颜色: 蓝\"");
  EXPECT_EQ(
      value(
          R"(SELECT position FROM reporting.order_items WHERE sku_attributes @> '[{"name": "颜色", "value": "蓝"}]')"),
      "1");
  for (const auto* odd : {"[]", "{}", "\"x\"", "[1]", "null"})
    EXPECT_EQ(value("SELECT reporting.sku_text('" + std::string{odd} + "')"), "NULL") << odd;
}

TEST_F(views, the_timeline_has_a_readable_line_for_each_state) {
  store_with(2);
  rewrite_history({"{}", status_change(1, 2),
                   R"({"total_amount_fen": {"old": 4518, "new": 9001}, "items[11]": {"old": {"id": 11}, "new": null},
                       "items[12]": {"old": null, "new": {"id": 12}}, "items[10].status": {"old": 2, "new": 6},
                       "close_reason": {"old": "x", "new": null}, "receiver": "changed", "pay_status": {"old": 1, "new": 2}})",
                   R"({"vanished": {"old": false, "new": true}})"});
  EXPECT_EQ(lines("SELECT what FROM reporting.order_timeline ORDER BY version"),
            "first seen: awaiting payment, 45.18 yuan\n"
            "order_status: awaiting payment -> awaiting shipment\n"
            "items[10].status: awaiting shipment -> cancelled; pay_status: unpaid -> paid; close_reason: x -> nothing; "
            "items[11] removed; "
            "items[12] added; receiver changed; total_amount: 45.18 -> 90.01\n"
            "vanished: false -> true\n");
  EXPECT_EQ(value("SELECT string_agg(status_changed::text, ' ' ORDER BY version) FROM reporting.order_timeline"),
            "false true false false");
}

TEST_F(views, the_timeline_reads_what_the_store_writes) {
  store_with(1, 100);
  store_with(2, 200);
  EXPECT_EQ(lines("SELECT what FROM reporting.order_timeline ORDER BY version"),
            "first seen: awaiting payment, 45.18 yuan\norder_status: awaiting payment -> awaiting shipment\n");
  EXPECT_EQ(value("SELECT status_since FROM reporting.open_orders"), "2024-05-07 00:03:20+00");
}

TEST_F(views, a_seller_is_measured_by_what_the_mirror_saw_happen) {
  store_with(5);
  rewrite_history({"{}", status_change(1, 2), status_change(2, 3), status_change(3, 5)});
  auto shipped_before = sample_order(2);  // nobody saw when
  shipped_before.order_status = 5;
  shipped_before.refund_amount_fen = 100;
  rehash(shipped_before);
  store_orders({shipped_before}, 500'000);
  EXPECT_EQ(
      table("SELECT month, orders, amount, shipped_seen, hours_to_ship, finished_seen, hours_to_finish, refunded, "
            "refund_rate, refunds, cancelled, cancel_rate FROM reporting.seller_performance"),
      "2024-05-01,2,90.36,1,24.0,1,72.0,1,0.5000,1.00,0,0.0000");
}

TEST_F(views, an_open_order_shows_its_age_and_for_how_long_it_has_its_status) {
  store_with(2, 100);
  rewrite_history({"{}", status_change(1, 2)});
  EXPECT_EQ(table("SELECT order_status, status_since, status_change_seen, age_days = round(extract(epoch FROM now() - "
                  "created_at) / 86400, 1) AS age, days_in_status < age_days AS later FROM reporting.open_orders"),
            "\"awaiting shipment\",\"2024-05-08 00:01:40+00\",t,t,t");
  execute("DELETE FROM ordersync.order_history");
  store_with(6, 200'000);
  EXPECT_EQ(value("SELECT count(*) FROM reporting.open_orders"), "0");
}

TEST_F(views, an_order_is_open_unless_its_status_says_that_it_ended) {
  std::vector<core::order> orders;
  for (const core::integer status : {core::integer{}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {77}}) {
    orders.push_back(sample_order(static_cast<std::int64_t>(orders.size())));
    orders.back().order_status = status;
    rehash(orders.back());
  }
  store_orders(orders);
  EXPECT_EQ(lines("SELECT order_status FROM reporting.open_orders ORDER BY order_key"),
            "unknown\nawaiting payment\nawaiting shipment\nawaiting receipt\ngoods confirmed\nother\nunknown (9)\n"
            "unknown (77)\n");
  EXPECT_EQ(value("SELECT sum(orders) || ' ' || sum(cancelled) FROM reporting.daily_orders"), "11 2");
  EXPECT_EQ(value("SELECT sum(orders) || ' ' || sum(cancelled) FROM reporting.seller_performance"), "11 2");
  EXPECT_EQ(value("SELECT count(*) FROM reporting.orders"), "11");
}

TEST_F(views, a_refund_shows_when_it_was_first_seen) {
  store_orders({sample_order(1)});
  EXPECT_EQ(value("SELECT count(*) FROM reporting.refunds"), "0");
  auto refunded = sample_order(1);
  refunded.refund_amount_fen = 1000;
  refunded.total_amount_fen = 4000;
  refunded.items.at(0).refund_fen = 900;
  rehash(refunded);
  store_orders({refunded}, 200);
  rewrite_history({"{}", R"({"refund_amount_fen": {"old": 0, "new": 1000}})"});
  EXPECT_EQ(
      table("SELECT refund_amount, refund_share, items_refund, items_refunded, amounts_add_up, first_refund_seen_at "
            "FROM reporting.refunds"),
      "10.00,0.2500,9.00,1,f,\"2024-05-08 00:01:40+00\"");
}

TEST_F(views, sales_of_a_product_are_parted_by_day_and_unit) {
  auto order = sample_order(1);
  order.items.at(1).unit = "kg";
  order.items.at(1).status = 2;
  rehash(order);
  store_orders({order, sample_order(2)});
  EXPECT_EQ(table("SELECT day, unit, orders, lines, quantity, amount, cancelled_lines, cancelled_quantity FROM "
                  "reporting.product_sales ORDER BY lines"),
            "2024-05-07,kg,1,1,1.5,40.18,0,\n2024-05-07,件,2,3,4.5,120.54,3,4.5");
}

TEST_F(views, an_order_that_vanished_is_marked_and_not_hidden) {
  auto order = sample_order(1);
  order.order_status = 2;
  rehash(order);
  store_orders({order});
  execute("UPDATE ordersync.orders SET _vanished_at = '2024-05-09 00:00:00+00'");
  EXPECT_EQ(table("SELECT vanished, vanished_at FROM reporting.orders"), "t,\"2024-05-09 00:00:00+00\"");
  for (const auto* view : {"daily_orders", "seller_performance"})
    EXPECT_EQ(value(std::string{"SELECT vanished FROM reporting."} + view), "1") << view;
  for (const auto* view : {"order_items", "open_orders"})
    EXPECT_EQ(value(std::string{"SELECT bool_and(vanished) FROM reporting."} + view), "t") << view;
}

TEST_F(views, show_no_personal_data) {
  store_orders({sample_order(1)});
  const auto all =
      lines("SELECT relname FROM pg_class WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'v'");
  std::string name;
  for (const char c : all) {
    if (c != '\n') {
      name += c;
      continue;
    }
    const auto shown = value("SELECT string_agg(v::text, ' ') FROM reporting." + name + " v");
    for (const auto* personal : {"18275942991", "收件人", "皇龙聚", "451481"})
      EXPECT_THAT(shown, Not(HasSubstr(personal))) << name;
    name.clear();
  }
}

}  // namespace
}  // namespace ordersync::reporting_test
