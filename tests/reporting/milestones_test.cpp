// When an order was paid, shipped, received, finished or cancelled, and the views that are made of it. Nothing is a
// guess.
#include "reporting_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::reporting_test {
namespace {

using ordersync::store_test::rehash;
using ordersync::store_test::sample_order;
using ::testing::HasSubstr;

class milestones : public reporting_test {
 protected:
  void store_with(std::int64_t id, int status, int observed) {
    auto order = sample_order(id);
    order.order_status = status;
    rehash(order);
    store_orders({order}, observed);
  }
  void add_detail(std::int64_t id, const std::string& columns, const std::string& values) {
    execute(
        "INSERT INTO ordersync.order_details (order_id, _account, _first_seen_at, _changed_at, _observed_at, _version, "
        "_content_hash, " +
        columns + ") VALUES (" + std::to_string(id) + ", 'main', now(), now(), now(), 1, '', " + values + ")");
  }
  std::string of_orders(const std::string& columns) {
    return table("SELECT " + columns + " FROM reporting.orders ORDER BY order_key");
  }
};

constexpr const char* all_times =
    "to_char(paid_at, 'MI:SS'), to_char(shipped_at, 'MI:SS'), to_char(received_at, 'MI:SS'), "
    "to_char(finished_at, 'MI:SS'), to_char(cancelled_at, 'MI:SS'), milestones_from";

TEST_F(milestones, of_an_order_that_was_backfilled_are_not_known) {
  store_with(1, 5, 100);
  EXPECT_EQ(of_orders(all_times), ",,,,,");
  EXPECT_EQ(of_orders("hours_to_ship, hours_to_finish, status_since, days_in_status"), ",,,");
  EXPECT_EQ(of_orders("age > interval '1 year'"), "t");
}

TEST_F(milestones, that_the_mirror_saw_come_about_have_its_times) {
  int at = 100;
  for (const int status : {1, 2, 3, 4, 5}) store_with(1, status, at += 100);
  EXPECT_EQ(of_orders(all_times), "05:00,06:40,08:20,10:00,,seen");
}

TEST_F(milestones, that_were_passed_before_the_order_was_first_seen_are_not_known) {
  store_with(1, 2, 100);
  store_with(1, 3, 200);
  EXPECT_EQ(of_orders("paid_at IS NULL, shipped_at IS NOT NULL, hours_to_ship"), "t,t,");
}

TEST_F(milestones, of_a_step_between_two_reads_are_passed_with_what_follows) {
  store_with(1, 1, 100);
  store_with(1, 3, 200);
  EXPECT_EQ(of_orders("paid_at = shipped_at, milestones_from, hours_to_ship"), "t,seen,");
  store_with(2, 1, 300);
  store_with(2, 5, 400);
  store_with(2, 4, 500);
  store_with(2, 5, 600);
  EXPECT_EQ(of_orders("paid_at = shipped_at, hours_to_ship"), "t,\nt,") << "in the history as in the present state";
  add_detail(1, "paid_at, all_shipped_at", "'2024-05-07T01:00Z', '2024-05-07T01:00Z'");
  EXPECT_EQ(of_orders("hours_to_ship"), "0.0\n") << "1688 says both";
}

TEST_F(milestones, of_a_cancelled_order_are_its_cancellation_alone) {
  store_with(1, 1, 100);
  store_with(1, 6, 200);
  EXPECT_EQ(of_orders("paid_at, shipped_at, finished_at, cancelled_at IS NOT NULL"), ",,,t");
}

TEST_F(milestones, come_from_the_detail_where_it_has_them) {
  store_with(1, 1, 100);
  store_with(1, 3, 200);
  add_detail(1, "status, paid_at, all_shipped_at", "'waitbuyerreceive', '2024-05-07T01:00Z', '2024-05-07T13:30Z'");
  EXPECT_EQ(of_orders("paid_at, shipped_at, hours_to_ship, milestones_from, paid_day"),
            "\"2024-05-07 01:00:00+00\",\"2024-05-07 13:30:00+00\",12.5,detail,2024-05-07");
  EXPECT_EQ(of_orders("status_since"), "\"2024-05-07 13:30:00+00\"");
  execute("UPDATE ordersync.order_details SET all_shipped_at = NULL");
  EXPECT_EQ(of_orders("milestones_from"), "\"detail and seen\"");
}

TEST_F(milestones, of_an_end_are_told_apart_by_the_details_status) {
  store_with(1, 5, 100);
  store_with(2, 6, 100);
  add_detail(1, "status, completed_at", "'success', '2024-05-09T01:00Z'");
  add_detail(2, "status, completed_at", "'cancel', '2024-05-09T02:00Z'");
  EXPECT_EQ(of_orders("finished_at IS NOT NULL, cancelled_at IS NOT NULL"), "t,f\nf,t");
}

TEST_F(milestones, of_an_end_are_those_of_the_orders_status_where_the_detail_says_none_that_is_known) {
  store_with(1, 7, 100);
  store_with(2, 6, 100);
  store_with(3, 5, 100);
  store_with(4, 8, 100);
  store_with(5, 6, 100);
  add_detail(1, "completed_at", "'2024-05-09T01:00Z'");
  add_detail(2, "status, completed_at", "'closed_somehow', '2024-05-09T01:00Z'");
  add_detail(3, "completed_at", "'2024-05-09T01:00Z'");
  add_detail(4, "completed_at", "'2024-05-09T01:00Z'");
  add_detail(5, "status, completed_at", "'success', '2024-05-09T01:00Z'");
  EXPECT_EQ(of_orders("order_id, finished_at IS NOT NULL, cancelled_at IS NOT NULL, hours_to_finish IS NULL, "
                      "milestones_from"),
            "1,f,t,t,detail\n2,f,t,t,detail\n3,t,f,f,detail\n4,f,f,t,\n5,f,t,t,detail");
}

TEST_F(milestones, that_contradict_each_other_have_no_hours_between_them) {
  store_with(1, 1, 100);
  store_with(1, 2, 200);
  add_detail(1, "all_shipped_at, status, completed_at", "'2024-05-06T13:30Z', 'success', '2020-01-01T00:00Z'");
  EXPECT_EQ(of_orders("paid_at > shipped_at, finished_at < created_at, hours_to_ship, hours_to_finish"), "t,t,,");
}

TEST_F(milestones, an_open_order_that_was_backfilled_has_no_days_in_its_status_unless_it_awaits_payment) {
  store_with(1, 1, 100);
  store_with(2, 2, 100);
  EXPECT_EQ(table("SELECT days_in_status IS NULL, age_days > 300, status_change_seen FROM reporting.open_orders ORDER "
                  "BY order_key"),
            "f,t,f\nt,t,f");
}

TEST_F(milestones, payments_are_those_of_details_and_for_others_what_the_mirror_saw) {
  for (int id = 1; id <= 4; ++id) store_with(id, 1, 100);
  for (int id = 1; id <= 3; ++id) store_with(id, 2, 200);
  store_with(3, 3, 300);
  add_detail(1, "paid_at, total_amount_fen, alipay_trade_id", "'2024-05-07T15:59Z', 5000, '2024050722001'");
  add_detail(2, "paid_at, total_amount_fen", "'2024-05-07T16:00Z', 700");
  execute(
      "INSERT INTO ordersync.order_payments (order_id, position, phase, paid_at, amount_fen) VALUES "
      "(1, 0, '1', '2024-05-07T15:59Z', 2000), (1, 1, '2', '2024-05-08T10:00Z', 3000), (1, 2, '3', NULL, 100)");
  EXPECT_EQ(
      table(
          "SELECT order_id, day, amount, source, alipay_trade_id FROM reporting.payments ORDER BY order_key, paid_at"),
      "1,2024-05-07,20.00,detail,2024050722001\n1,2024-05-08,30.00,detail,2024050722001\n2,2024-05-08,7.00,detail,\n"
      "3,2024-05-07,45.18,seen,");
  EXPECT_EQ(table("SELECT day, payments, orders, amount, seen_only FROM reporting.daily_payments ORDER BY day"),
            "2024-05-07,2,2,65.18,1\n2024-05-08,2,2,37.00,0");
}

TEST_F(milestones, payments_are_counted_once_an_order_whatever_its_detail_lacks_and_however_often_it_was_unpaid_again) {
  int at = 100;
  const auto live = [&](int id, std::initializer_list<int> states) {
    for (const int status : states) store_with(id, status, at += 60'000);
  };
  live(1, {1, 2});
  live(2, {1, 2});
  live(3, {1, 2, 1, 2, 1, 2});
  live(4, {1, 2, 1, 2, 3, 5});
  for (const int id : {1, 2}) add_detail(id, "total_amount_fen", "5000");
  execute(
      "INSERT INTO ordersync.order_payments (order_id, position, paid_at, amount_fen) VALUES "
      "(1, 0, '2024-05-07T15:59Z', 4000), (1, 1, NULL, 518)");
  EXPECT_EQ(table("SELECT order_id, amount, source FROM reporting.payments ORDER BY order_key, paid_at"),
            "1,40.00,detail\n2,45.18,seen\n3,45.18,seen\n4,45.18,seen");
  EXPECT_EQ(table("SELECT order_id FROM reporting.payments p JOIN reporting.orders o USING (order_id, paid_at) ORDER "
                  "BY p.order_key"),
            "2\n3\n4");
  execute("UPDATE ordersync.order_details SET paid_at = '2024-05-07T16:00Z' WHERE order_id = 2");
  EXPECT_EQ(table("SELECT amount, source FROM reporting.payments WHERE order_id = '2'"), "50.00,detail");
}

TEST_F(milestones, parcels_are_under_way_until_the_goods_are_received) {
  for (int id = 1; id <= 3; ++id) store_with(id, 3, 100);
  store_with(4, 5, 100);
  for (int id = 1; id <= 4; ++id) {
    execute(
        "INSERT INTO ordersync.order_shipments (order_id, position, id, company_name, waybill_number, shipped_at, "
        "item_ids) VALUES (" +
        std::to_string(id) + ", 0, '9', 'SF', 'SF100" + std::to_string(id) +
        "', now() - interval '36 hours', '{2042894174938880794}')");
  }
  add_detail(2, "received_at", "now()");
  execute("UPDATE ordersync.order_shipments SET shipped_at = NULL WHERE order_id = 3");
  EXPECT_EQ(table("SELECT order_id, waybill_number, days_since_shipped, item_ids FROM reporting.shipments_under_way"),
            "1,SF1001,1.5,{2042894174938880794}");
  EXPECT_EQ(value("SELECT count(*) FROM reporting.shipments"), "4");
}

TEST_F(milestones, parcels_that_need_no_logistics_are_not_under_way) {
  store_with(1, 3, 100);
  execute(
      "INSERT INTO ordersync.order_shipments (order_id, position, id, company_name, waybill_number, shipped_at) SELECT "
      "1, n, n, company, waybill, now() FROM (VALUES (0, NULL, '不需要物流'), (1, '其他', '无需物流'), (2, '无需物流', "
      "NULL), (3, NULL, ' 无须 物流'), (4, NULL, NULL), (5, '无忧物流', 'YT1'), (6, '顺丰', '不知道')) AS p "
      "(n, company, waybill)");
  EXPECT_EQ(value("SELECT string_agg(parcel::text, ' ' ORDER BY parcel) FROM reporting.shipments_under_way"), "4 5 6");
  EXPECT_EQ(value("SELECT count(*) FROM reporting.shipments"), "7");
}

TEST_F(milestones, sellers_have_the_hours_of_their_orders) {
  store_with(1, 3, 100);
  store_with(1, 4, 200);  // shipped before it was first seen
  store_with(2, 1, 100);
  store_with(2, 5, 200);  // both in one step
  store_with(3, 2, 100);
  store_with(3, 3, 200);  // nobody knows when it was paid
  EXPECT_EQ(table("SELECT orders, shipped_seen, hours_to_ship FROM reporting.seller_performance"), "3,0,");
  store_with(4, 5, 100);
  add_detail(4, "status, paid_at, all_shipped_at, completed_at",
             "'success', '2024-05-07T01:00Z', '2024-05-07T13:30Z', '2024-05-09T01:00Z'");
  EXPECT_EQ(table("SELECT orders, shipped_seen, hours_to_ship FROM reporting.seller_performance"), "4,1,12.5");
  EXPECT_EQ(table("SELECT p.finished_seen = count(o.hours_to_finish), p.hours_to_finish = "
                  "round(avg(o.hours_to_finish), 1) FROM reporting.seller_performance p, reporting.orders o GROUP BY "
                  "p.finished_seen, p.hours_to_finish"),
            "t,t");
}

TEST_F(milestones, prices_are_those_that_were_paid) {
  for (int status = 1; status <= 8; ++status) store_with(status, status, 100);
  auto part = sample_order(9);
  part.order_status = 5;
  for (auto& item : part.items) item.status = 5;
  part.items.at(0).status = 6;
  rehash(part);
  store_orders({part}, 100);
  execute("UPDATE ordersync.order_items SET status = 5 WHERE order_id < 9");
  const std::string orders = "SELECT string_agg(DISTINCT order_id, ' ' ORDER BY order_id) FROM reporting.price_history";
  EXPECT_EQ(value(orders), "2 3 4 5 9");
  EXPECT_EQ(value("SELECT count(*) FROM reporting.price_history WHERE order_key = 9"), "1") << "its other line";
  execute("UPDATE ordersync.orders SET pay_status = 2 WHERE id = 8");
  add_detail(1, "status, paid_at", "'waitsellersend', '2024-05-07T01:00Z'");
  add_detail(5, "status, paid_at", "'terminated', '2024-05-07T01:00Z'");
  EXPECT_EQ(value(orders), "1 2 3 4 8 9") << "the detail knows more";
}

TEST_F(milestones, requests_for_refunds_are_added_up_by_what_each_is_about) {
  store_with(1, 5, 100);
  execute(
      "UPDATE ordersync.orders SET refund_amount_fen = 4000; INSERT INTO ordersync.order_refunds (order_id, refund_id, "
      "status, amount_fen) VALUES (1, 'TQ1', 'refundsuccess', 1500), (1, 'TQ2', 'refundsuccess', 2500), (1, 'TQ3', "
      "'refundsuccess', NULL)");
  const auto page = read_file(source("docs/queries.md"));
  const auto title = page.find("## 6. ");
  const auto begin = page.find("```sql\n", title) + 7;
  const auto asked = page.substr(begin, page.find(';', begin) - begin);
  EXPECT_EQ(table("SELECT requests, orders, amount, of_unknown_amount FROM (" + asked + ") a"), "3,1,40.00,1") << asked;
}

TEST_F(milestones, what_is_unpaid_expires_when_its_detail_says_so) {
  store_with(1, 1, 100);
  store_with(2, 1, 100);
  store_with(3, 2, 100);
  add_detail(1, "pay_deadline", "now() + interval '90 minutes'");
  EXPECT_EQ(table("SELECT order_id, hours_left, hours_unpaid > 1000 FROM reporting.unpaid_expiring ORDER BY "
                  "pay_deadline NULLS LAST"),
            "1,1.5,t\n2,,t");
}

TEST_F(milestones, goods_go_to_regions_and_no_further) {
  store_with(1, 2, 100);
  execute(
      "UPDATE ordersync.order_warehouse_addresses SET province = '浙江省', city = '金华市', area = '某某路12号', town "
      "= '王小明'");
  EXPECT_EQ(table("SELECT province, city, area, town, parcels FROM reporting.deliveries"), "浙江省,金华市,,,0");
}

TEST_F(milestones, goods_go_to_regions_alone_and_to_nobody_by_name) {
  const auto shown = [&](const std::string& written) {
    return value("SELECT string_agg(coalesce(reporting.region(w), '-'), ' ' ORDER BY n) FROM unnest('{" + written +
                 "}'::text[]) WITH ORDINALITY u (w, n)");
  };
  EXPECT_EQ(
      shown("黑龙江省,广西壮族自治区,呼和浩特市,张家界市,恩施土家族苗族自治州,科尔沁左翼中旗,浦东新区,滨海县,石桥镇"
            ",渡口街道"),
      "黑龙江省 广西壮族自治区 呼和浩特市 张家界市 恩施土家族苗族自治州 科尔沁左翼中旗 浦东新区 滨海县 石桥镇 "
      "渡口街道");
  EXPECT_EQ(shown("厦门市,攀枝花市,五大连池市,神农架林区,单县,芒市,巴林左旗,大孙各庄镇,于家务回族乡,通辽经济开发区"),
            "厦门市 攀枝花市 五大连池市 神农架林区 单县 芒市 巴林左旗 大孙各庄镇 于家务回族乡 通辽经济开发区");
  EXPECT_EQ(shown("广东省深圳市张三收,上海市王五"), "广东省 上海市");
  EXPECT_EQ(shown("联系李四街道,请送张三镇,中山路门市"), "- - -");
  EXPECT_EQ(shown("张三 广西省,李四收 崇左市,李四收崇左市,张三崇左市,王五家旁边凭祥镇,张三孟村回族自治县"),
            "- - - - - -");
  EXPECT_EQ(shown("李三省,王旗,李九州,阳光小区,永辉超市,李老乡,\"崇左市 \",13800138000,区"), "- - - - - - - - -");
}

TEST_F(milestones, spend_is_what_is_not_cancelled_less_refunds) {
  store_with(1, 5, 100);
  store_with(2, 6, 100);
  execute("UPDATE ordersync.orders SET refund_amount_fen = 518 WHERE id = 1");
  EXPECT_EQ(table("SELECT month, orders, amount, cancelled, spend FROM reporting.monthly_spend"),
            "2024-05-01,2,90.36,1,40.00");
  EXPECT_EQ(table("SELECT month, orders, cancelled FROM reporting.buyers"), "2024-05-01,2,1");
}

TEST_F(milestones, ids_are_texts_wherever_people_see_them) {
  store_with(1, 1, 100);
  store_with(1, 2, 200);
  EXPECT_EQ(table("SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class c JOIN pg_attribute a ON "
                  "a.attrelid = c.oid "
                  "WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' AND a.attnum > 0 AND a.attname "
                  "~ '(^|_)ids?$' "
                  "AND a.atttypid NOT IN ('text'::regtype, 'text[]'::regtype)"),
            "NULL");
  EXPECT_EQ(value("SELECT string_agg(DISTINCT jsonb_typeof(i -> 'id') || jsonb_typeof(i -> 'sku_id'), ' ') FROM "
                  "reporting.order_versions, "
                  "jsonb_array_elements(items) i"),
            "stringstring");
}

TEST_F(milestones, text_ids_leave_everything_else_alone) {
  EXPECT_EQ(
      value(
          R"(SELECT reporting.text_ids('{"id": 1060631267218818995, "note": "\"id\": 5, x", "quantity": 5, "list": [{"sku_id": null, "offer_id": 7}]}'))"),
      R"({"id": "1060631267218818995", "list": [{"sku_id": null, "offer_id": "7"}], "note": "\"id\": 5, x", "quantity": 5})");
}

TEST_F(milestones, large_numbers_are_texts_whatever_they_are_called_and_wherever_they_are) {
  EXPECT_EQ(
      value(
          R"(SELECT reporting.text_ids('{"develop_id": {"old": 1053981698523398641, "new": null}, "cargo[0].offer_id": {"old": 5, "new": 6}, "items[1060631267218818995].status": {"old": 1, "new": 2}, "raw": {"orderEntryIds": [1060631267218818995, -9007199254740993, 7, 1.2500000000000000001], "refundId": 5}, "paid": 5}'))"),
      R"({"raw": {"refundId": "5", "orderEntryIds": ["1060631267218818995", "-9007199254740993", 7, 1.2500000000000000001]}, "paid": 5, "develop_id": {"new": null, "old": "1053981698523398641"}, "cargo[0].offer_id": {"new": "6", "old": "5"}, "items[1060631267218818995].status": {"new": 2, "old": 1}})");
  const std::string texts =
      R"({"a": ", 1060631267218818995, ", "b\\": ["[1060631267218818995], \"id\": 5", ": 1060631267218818995}"]})";
  EXPECT_EQ(value("SELECT reporting.text_ids('" + texts + "') = '" + texts + "'"), "t");
}

TEST_F(milestones, ids_in_what_changed_are_texts_of_orders_and_details) {
  store_with(1, 1, 100);
  auto order = sample_order(1);
  order.develop_id = 1053981698523398642;
  rehash(order);
  store_orders({order}, 200);
  for (const auto* from : {"reporting.order_versions", "reporting.changes(0)", "reporting.orders_at(now())"})
    EXPECT_EQ(value(std::string{"SELECT max(changed #>> '{develop_id,new}') || max(jsonb_typeof(changed #> "
                                "'{develop_id,new}')) FROM "} +
                    from),
              "1053981698523398642string")
        << from;
  add_detail(1, "_changed", R"('{"refunds[TQ1].raw": {"old": null, "new": {"orderId": 7, "n": [9007199254740993]}}}')");
  execute(
      "INSERT INTO ordersync.order_refunds (order_id, refund_id, raw) VALUES (1, 'TQ1', '{\"orderId\": "
      "1060631267218818995}')");
  EXPECT_EQ(table("SELECT changed #> '{refunds[TQ1].raw,new}', refunds #> '{0,raw}' FROM "
                  "reporting.order_detail_versions"),
            R"("{""n"": [""9007199254740993""], ""orderId"": ""7""}","{""orderId"": ""1060631267218818995""}")");
  EXPECT_EQ(value("SELECT detail #>> '{refunds,0,raw,orderId}' FROM reporting.orders_at('infinity')"),
            "1060631267218818995");
}

}  // namespace
}  // namespace ordersync::reporting_test
