// What one window writes: rows, changes, and nothing where nothing changed.
#include "store/maintenance/statistics.hpp"
#include "store/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;

class storing : public store_test {};

TEST_F(storing, every_field_of_an_order_arrives) {
  const auto summary = store_orders({sample_order(1060631267218818995)});
  EXPECT_EQ(summary.created, 1);
  EXPECT_EQ(
      value("SELECT to_jsonb(o) - '_content_hash' - '_vanished_at' - '_changed' FROM ordersync.orders o"),
      R"({"id": 1060631267218818995, "flow": "general", "user_id": "2217225334051", "_account": "main", )"
      R"("_version": 1, "order_no": "1060631267218817636", "created_at": "2024-05-07T00:00:10.123+00:00", )"
      R"("develop_id": 1053981698523398640, "is_invoice": 0, "pay_status": 1, "trade_type": "担保交易", )"
      R"("_changed_at": "2024-05-07T00:01:40+00:00", "tb_order_id": "2042894174938880794", )"
      R"("_observed_at": "2024-05-07T00:01:40+00:00", "close_reason": "other", "discount_fen": -250, )"
      R"("order_status": 7, "refund_status": 0, "tb_created_at": "2024-05-07T00:00:10+00:00", )"
      R"("_first_seen_at": "2024-05-07T00:01:40+00:00", "platform_order": 0, "seller_login_id": "布丁果果服饰children", )"
      R"("shipping_fee_fen": 500, "total_amount_fen": 4518, "refund_amount_fen": 0, "product_amount_fen": 4650, )"
      R"("sub_buyer_login_id": "pandaponpp2023:nhcn4", "submission_success": true, )"
      R"("submission_order_id": "2042894174938880794", "submission_total_fen": 4518, )"
      R"("submission_post_fee_fen": 500})");
}

TEST_F(storing, everything_that_belongs_to_an_order_arrives) {
  store_orders({sample_order(7)});
  EXPECT_EQ(value("SELECT to_jsonb(i) FROM ordersync.order_items i WHERE position = 1"),
            R"({"id": 71, "name": "婴儿衣服冬装红色加绒保暖", "unit": "件", "sku_id": 5124419233729, "status": 7, )"
            R"("spec_id": "9b499234b4238c510eb66fb3768f00e7", "order_id": 7, "position": 1, "quantity": 1.5, )"
            R"("price_fen": 4650, "created_at": "2024-05-07T00:00:10.001+00:00", "image_urls": )"
            R"(["http://cbu01.alicdn.com/a.jpg", "http://cbu01.alicdn.com/b.jpg"], "product_id": "742813083800", )"
            R"("refund_fen": 0, "snapshot_url": "https://trade.1688.com/order/offer_snapshot.htm?order_entry_id=1", )"
            R"("sku_attributes": [{"name": "颜色", "value": "红色"}], "item_amount_fen": 4018, )"
            R"("sub_tb_order_id": "2042871"})");
  EXPECT_EQ(table("SELECT * FROM ordersync.order_cargo"), "7,0,742813083800,9b499234b4238c510eb66fb3768f00e7,1");
  EXPECT_EQ(
      value("SELECT to_jsonb(r) FROM ordersync.order_receivers r"),
      R"({"phone": "", "mobile": "18275942991", "address": "广西壮族自治区 凭祥市 皇龙聚6栋19号", "order_id": 7, )"
      R"("full_name": "收件人", "post_code": "532600", "division_code": "451481"})");
  EXPECT_EQ(table("SELECT * FROM ordersync.order_warehouse_addresses"),
            "7,仓库,18275942991,\"\",532600,凭祥市区,崇左市,凭祥市区,省,皇龙聚6栋,451481");
  EXPECT_EQ(value("SELECT sha256(convert_to(payload, 'UTF8')) = sha256 FROM ordersync.order_payloads"), "t");
}

TEST_F(storing, an_order_that_is_deleted_by_hand_takes_along_what_belongs_to_it_and_comes_back_whole) {
  store_orders({sample_order(7), sample_order(8)});
  auto changed = std::vector{sample_order(7), sample_order(8)};
  for (auto& one : changed) {
    one.order_status = 1;
    rehash(one);
  }
  store_orders(changed, 150);
  execute("DELETE FROM ordersync.orders WHERE id = 7");
  for (const auto* name : {"items", "cargo", "receivers", "warehouse_addresses", "payloads", "history"})
    EXPECT_EQ(value(fmt::format("SELECT string_agg(DISTINCT order_id::text, ' ') FROM ordersync.order_{}", name)), "8")
        << name;
  EXPECT_EQ(store_orders({sample_order(7)}, 200).created, 1);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_items WHERE order_id = 7"), "2");
  execute("TRUNCATE ordersync.orders");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_items"), "0");
}

TEST_F(storing, rows_that_a_trigger_drops_are_an_error_and_not_lost) {
  execute(
      "CREATE FUNCTION public.skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE TRIGGER skip BEFORE INSERT ON ordersync.order_items FOR EACH ROW EXECUTE FUNCTION public.skip()");
  const auto refused = commit_fails(proven_batch(span(0, 100), {sample_order(7)}));
  EXPECT_THAT(refused.what, HasSubstr("ordersync.order_items took 0 of 2 rows"));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.coverage WHERE NOT isempty(proven)"), "0");
  execute("DROP TRIGGER skip ON ordersync.order_items");
  store_orders({sample_order(7)});
  execute("CREATE TRIGGER skip BEFORE UPDATE ON ordersync.orders FOR EACH ROW EXECUTE FUNCTION public.skip()");
  auto changed = sample_order(7);
  changed.order_status = 1;
  rehash(changed);
  EXPECT_THAT(commit_fails(proven_batch(span(0, 100), {changed}, 200)).what,
              HasSubstr("ordersync.orders took 0 of 1 rows"));
}

TEST_F(storing, an_order_with_nothing_but_an_id_is_stored_as_nulls) {
  core::order bare;
  bare.id = 5;
  bare.payload = "{\"id\":5}";
  store_orders({bare});
  EXPECT_EQ(table("SELECT id, flow, total_amount_fen, created_at, submission_success FROM ordersync.orders"), "5,,,,");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_items"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_receivers"), "0");
}

TEST_F(storing, hostile_text_survives_unchanged) {
  const std::string hostile = "tab\t newline\n return\r backslash\\ \\N \\. quote\" ' {a,b} NULL 中文 😀 \x01 \xc2\xa0";
  auto o = sample_order(1);
  o.flow = hostile;
  o.items[0].name = hostile;
  o.items[0].image_urls = {{hostile, "", "NULL"}};
  o.items[0].sku_attributes = R"([{"name":"a\"b\\c\t","value":"\\N"}])";
  o.receiver->address = hostile;
  o.notes = {{"receiver", hostile, hostile}};
  o.unknown_paths = {"new\"Field\\=1\n"};
  rehash(o);
  o.payload = hostile;
  store_orders({o});
  const std::vector<store::pg::param> same{hostile};
  for (const auto* sql :
       {"SELECT flow = $1 FROM ordersync.orders", "SELECT address = $1 FROM ordersync.order_receivers",
        "SELECT name = $1 AND image_urls = ARRAY[$1, '', 'NULL'] FROM ordersync.order_items WHERE position = 0",
        "SELECT payload = $1 FROM ordersync.order_payloads",
        "SELECT raw = $1 AND reason = $1 FROM ordersync.quarantine"}) {
    EXPECT_TRUE(superuser_->exec("compare", sql, same).flag(0, 0)) << sql;
  }
  EXPECT_EQ(value("SELECT sku_attributes->0->>'name' FROM ordersync.order_items WHERE position = 0"), "a\"b\\c\t");
  EXPECT_EQ(value("SELECT path FROM ordersync.schema_drift"), "new\"Field\\=1\n");
}

TEST_F(storing, ids_of_all_64_bits_are_kept) {
  store_orders({sample_order(922337203685477579), sample_order(9007199254740993 * 100)});
  auto o = sample_order(1);
  o.id = std::numeric_limits<std::int64_t>::max();
  o.items[0].id = std::numeric_limits<std::int64_t>::min();
  store_orders({o});
  EXPECT_EQ(value("SELECT max(id) FROM ordersync.orders"), "9223372036854775807");
  EXPECT_EQ(value("SELECT min(id) FROM ordersync.order_items"), "-9223372036854775808");
}

TEST_F(storing, a_change_counts_up_the_version_and_keeps_when_the_order_was_first_seen) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  auto changed = sample_order(1);
  changed.order_status = 5;
  rehash(changed);
  const auto summary = store_orders({changed, sample_order(2)}, 200);
  EXPECT_EQ(summary.created, 0);
  EXPECT_EQ(summary.changed, 1);
  EXPECT_EQ(summary.unchanged, 1);
  EXPECT_EQ(table("SELECT id, order_status, _version, _first_seen_at, _changed_at, _observed_at FROM ordersync.orders "
                  "ORDER BY id"),
            "1,5,2,\"2024-05-07 00:01:40+00\",\"2024-05-07 00:03:20+00\",\"2024-05-07 00:03:20+00\"\n"
            "2,7,1,\"2024-05-07 00:01:40+00\",\"2024-05-07 00:01:40+00\",\"2024-05-07 00:01:40+00\"");
}

TEST_F(storing, reading_the_same_again_makes_no_row_version_in_any_table_of_orders) {
  auto noted = sample_order(3);
  noted.notes = {{"receiver", "not valid JSON", "{"}};
  noted.unknown_paths = {"newField"};
  rehash(noted);
  const std::vector<core::order> orders{sample_order(1), sample_order(2), noted};
  store_orders(orders, 100);
  const auto before = row_versions();
  const auto coverage_before = value("SELECT concat(ctid, xmin) FROM ordersync.coverage");
  const auto summary = store_orders(orders, 200);
  EXPECT_EQ(summary.unchanged, 3);
  EXPECT_EQ(row_versions(), before);
  EXPECT_EQ(value("SELECT concat(ctid, xmin) FROM ordersync.coverage"), coverage_before);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.sweeps"), "2");
}

TEST_F(storing, a_changed_order_rewrites_only_those_of_its_rows_that_differ) {
  store_orders({sample_order(1)}, 100);
  const auto other_line = value("SELECT concat(ctid, xmin) FROM ordersync.order_items WHERE position = 1");
  const auto address = value("SELECT concat(ctid, xmin) FROM ordersync.order_receivers");
  auto changed = sample_order(1);
  changed.items[0].status = 5;
  rehash(changed);
  store_orders({changed}, 200);
  EXPECT_EQ(value("SELECT status FROM ordersync.order_items WHERE position = 0"), "5");
  EXPECT_EQ(value("SELECT concat(ctid, xmin) FROM ordersync.order_items WHERE position = 1"), other_line);
  EXPECT_EQ(value("SELECT concat(ctid, xmin) FROM ordersync.order_receivers"), address);
}

TEST_F(storing, what_is_gone_from_an_order_is_gone_from_the_mirror) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  auto less = sample_order(1);
  less.items.erase(less.items.begin());
  less.cargo.clear();
  less.receiver.reset();
  less.warehouse_address.reset();
  rehash(less);
  store_orders({less}, 200);
  EXPECT_EQ(table("SELECT order_id, id FROM ordersync.order_items ORDER BY 1, 2"), "1,11\n2,20\n2,21");
  for (const auto* name : {"order_cargo", "order_receivers", "order_warehouse_addresses"}) {
    EXPECT_EQ(value(fmt::format("SELECT string_agg(order_id::text, ',') FROM ordersync.{}", name)), "2") << name;
  }
}

TEST_F(storing, a_big_batch_with_new_changed_and_unchanged_orders_is_right) {
  std::vector<core::order> orders;
  for (int id = 1; id <= 1500; ++id) orders.push_back(sample_order(id));
  store_orders(orders, 100);
  for (int id = 1; id <= 500; ++id) {
    auto& o = orders[static_cast<std::size_t>(id - 1)];
    o.order_status = 5;
    o.items.pop_back();
    rehash(o);
  }
  for (int id = 1501; id <= 2000; ++id) orders.push_back(sample_order(id));
  const auto summary = store_orders(orders, 200);
  EXPECT_EQ(summary.created, 500);
  EXPECT_EQ(summary.changed, 500);
  EXPECT_EQ(summary.unchanged, 1000);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_items"), "3500");
  EXPECT_EQ(table("SELECT _version, count(*) FROM ordersync.orders GROUP BY 1 ORDER BY 1"), "1,1500\n2,500");
}

TEST_F(storing, an_order_twice_in_a_window_is_a_defect_and_stores_nothing) {
  const auto error = commit_fails(proven_batch(span(0, 60), {sample_order(1), sample_order(1)}));
  EXPECT_EQ(error.kind, core::failure::defect);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
}

TEST_F(storing, the_sweep_row_says_what_was_read) {
  auto batch = proven_batch(span(0, 60), {sample_order(1)});
  batch.kind = sync::sweep_kind::backfill;
  batch.pages = 5;
  batch.pages_before = 2;
  batch.attempts = 2;
  commit(batch);
  EXPECT_EQ(
      value("SELECT to_jsonb(s) - 'committed_at' FROM ordersync.sweeps s"),
      R"x({"id": 1, "kind": "backfill", "pages": 3, "range": "[\"2024-05-07 00:00:00+00\",\"2024-05-07 00:01:00+00\")", )x"
      R"x("scope": "scope-1", "proven": "[\"2024-05-07 00:00:00+00\",\"2024-05-07 00:01:00+00\")", "reason": "", )x"
      R"x("account": "main", "changed": 0, "created": 1, "outcome": "proven", "attempts": 2, "outdated": 0, "of_others": 0, "order_ids": null, )x"
      R"x("unchanged": 0, "started_at": "2024-05-07T00:01:40+00:00", "finished_at": "2024-05-07T00:01:41+00:00", )x"
      R"x("orders_seen": 1, "quarantined": 0, "total_reported": 1})x");
}

TEST_F(storing, a_window_that_was_split_or_failed_leaves_a_sweep_row_alone) {
  auto batch = unproven_batch(span(0, 60), {});
  batch.outcome = sync::sweep_outcome::split;
  batch.total.reset();
  commit(batch);
  EXPECT_EQ(table("SELECT outcome, reason, total_reported, proven FROM ordersync.sweeps"),
            "split,\"the API counts 3 orders but returned 2\",,");
  EXPECT_EQ(value("SELECT proven FROM ordersync.coverage"), "{}");
}

TEST_F(storing, what_the_database_refuses_is_reported_without_a_word_of_the_row) {
  auto poison = sample_order(1);
  poison.items[0].quantity = "canary-not-a-number";
  poison.receiver->full_name = "canary-name";
  const auto error = commit_fails(proven_batch(span(0, 60), {poison}));
  EXPECT_EQ(error.kind, core::failure::database);
  EXPECT_THAT(error.what, HasSubstr("22P03"));
  EXPECT_THAT(error.what, HasSubstr("copy orders"));
  EXPECT_EQ(error.what.find("canary"), std::string::npos) << error.what;
  EXPECT_EQ(log_.text().find("canary"), std::string::npos) << log_.text();
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
}

TEST_F(storing, the_store_works_on_after_a_refusal) {
  auto poison = sample_order(1);
  poison.flow = std::string{"a\0b", 3};
  EXPECT_THAT(commit_fails(proven_batch(span(0, 60), {poison})).what, HasSubstr("22021"));
  EXPECT_EQ(store_orders({sample_order(1)}).created, 1);
}

TEST_F(storing, a_change_reads_no_more_of_a_mirror_that_is_larger) {
  constexpr int orders = 10'000;
  std::vector<core::order> all;
  for (int id = 1; id <= orders; ++id) all.push_back(sample_order(id));
  store_orders(all);
  // Of its window all orders are looked at.
  execute(fmt::format("UPDATE ordersync.orders SET created_at = created_at - interval '1 year' WHERE id <= {}",
                      orders - 3));
  execute("VACUUM ANALYZE");
  // A session's figures follow its commit when it is idle.
  const auto wait_for = [&](const std::string& what) {
    wait_until("SELECT " + what + " FROM pg_stat_user_tables WHERE relname = 'orders'");
  };
  const auto read = [&] {
    return std::stoll(
        value("SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_user_tables WHERE schemaname = 'ordersync' AND "
              "relname LIKE 'order%' AND relname <> 'order_counts'"));
  };
  wait_for(fmt::format("n_tup_ins = {} AND n_tup_upd = {}", orders, orders - 3));
  // Figures of the first batch, and of what is done once, may come with those of a later change: so the least counts.
  auto least = std::numeric_limits<long long>::max();
  for (int i = 1; i <= 3; ++i) {
    const auto before = read();
    auto& order = all[orders - i];
    order.order_status = 5;
    rehash(order);
    store_orders({order}, 100 + 100 * i);
    wait_for(fmt::format("n_tup_upd = {}", orders - 3 + i));
    least = std::min(least, read() - before);
  }
  EXPECT_LT(least, orders / 10);
}

TEST(growth, of_a_thousand_orders_and_eight_times_as_many_asks_for_new_statistics) {
  store::maintenance::growth growth;
  EXPECT_FALSE(growth.add(999));
  EXPECT_FALSE(growth.add(0));
  EXPECT_TRUE(growth.add(1));
  EXPECT_FALSE(growth.add(1'000)) << "they are about to be made";
  growth.analyzed(40'000);
  EXPECT_FALSE(growth.add(279'999));
  EXPECT_TRUE(growth.add(1));
  growth.analyzed(std::nullopt);
  EXPECT_FALSE(growth.add(279'999)) << "what failed is not tried at once";
  EXPECT_TRUE(growth.add(1));
}

TEST_F(storing, of_a_first_load_leaves_statistics_behind) {
  std::vector<core::order> orders;
  for (int id = 1; id <= 1'000; ++id) orders.push_back(sample_order(id));
  store_orders(std::move(orders));
  wait_until("SELECT reltuples = 2000 FROM pg_class WHERE oid = 'ordersync.order_items'::regclass");
}

}  // namespace
}  // namespace ordersync::store_test
