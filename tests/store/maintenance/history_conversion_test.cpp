// Present states in the history, as older versions wrote them: views say the same with them, without them and between.
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

class history_conversion : public store_test {
 protected:
  static core::order in_status(std::int64_t id, int status) {
    auto o = sample_order(id);
    o.order_status = status;
    o.refund_amount_fen = status == 5 ? 100 : 0;
    rehash(o);
    return o;
  }
  // Orders 1 to 6, of which 2 and 3 have changed, 4 has vanished, 5 was back again.
  void store_some() {
    std::vector<core::order> all;
    for (int id = 1; id <= 6; ++id) all.push_back(sample_order(id));
    store_orders(all, 100);
    store_orders({in_status(2, 2), in_status(3, 2)}, 200);
    store_orders({in_status(2, 5)}, 300);
    ASSERT_EQ(run(store_->mark_vanished("main", {4, 5}, at_ms(400))).value(), 2);
    store_orders({sample_order(5)}, 500);
  }
  // As an older version left it.
  void write_present_states() {
    execute(
        "INSERT INTO ordersync.order_history (order_id, version, valid_from, account, vanished, changed, state) "
        "SELECT order_key, version, valid_from, account, vanished, changed, jsonb_build_object('order', (SELECT "
        "to_jsonb(o) "
        "FROM ordersync.orders o WHERE o.id = v.order_key), 'items', items, 'cargo', '[]'::jsonb) "
        "FROM reporting.order_versions v WHERE valid_to IS NULL;"
        "UPDATE ordersync.orders SET _changed = NULL;"
        "INSERT INTO ordersync.history_conversion (position, orders) VALUES (-1, 0)");
  }
  std::string shown() {
    return table(
        "SELECT 'versions', md5(string_agg(v::text, ' ' ORDER BY id, version)) FROM reporting.order_versions v UNION "
        "ALL SELECT 'timeline', md5(string_agg(v::text, ' ' ORDER BY order_id, version)) FROM reporting.order_timeline "
        "v UNION ALL SELECT 'open', md5(string_agg(concat_ws(' ', order_id, order_status, status_since, "
        "status_change_seen), ' ' ORDER BY order_id)) FROM reporting.open_orders UNION ALL "
        "SELECT 'refunds', md5(string_agg(v::text, ' ' ORDER BY order_id)) FROM reporting.refunds v UNION ALL "
        "SELECT 'sellers', md5(string_agg(v::text, ' ')) FROM reporting.seller_performance v UNION ALL "
        "SELECT 'at', md5(string_agg(v::text, ' ' ORDER BY id)) "
        "FROM reporting.orders_at('2024-05-07 00:03:25+00') v");
  }
  std::string present_states() { return value("SELECT count(*) FROM ordersync.order_history WHERE valid_to IS NULL"); }
  store::maintenance::history_conversion step(store::database& database) {
    const auto now = run(database.maintenance().convert_history());
    EXPECT_TRUE(now.has_value()) << now.error().what;
    return now ? *now : store::maintenance::history_conversion{};
  }
  std::int64_t convert_all(store::database& database) {
    for (;;) {
      const auto now = step(database);
      if (now.finished) return now.orders;
    }
  }
};

TEST_F(history_conversion, of_a_new_mirror_is_nothing_to_do) {
  store_some();
  EXPECT_TRUE(step(*store_).finished);
  EXPECT_EQ(step(*store_).orders, 0);
  EXPECT_FALSE(run(store_->health()).value().old_history);
}

TEST_F(history_conversion, changes_nothing_that_views_say_before_between_and_after) {
  store_some();
  std::vector<core::order> many;
  for (int id = 1'000; id < 13'000; ++id) many.push_back(sample_order(id));
  store_orders(many, 600);
  const auto before = shown();
  const auto changes = table("SELECT id, _changed FROM ordersync.orders WHERE _changed IS NOT NULL ORDER BY id");
  write_present_states();
  EXPECT_EQ(shown(), before);
  EXPECT_TRUE(run(store_->health()).value().old_history);
  const auto first = step(*store_);
  EXPECT_FALSE(first.finished);
  EXPECT_EQ(first.orders, 5'000);
  EXPECT_EQ(present_states(), "7006");
  EXPECT_EQ(shown(), before);
  EXPECT_EQ(convert_all(*store_), 12'006);
  EXPECT_EQ(present_states(), "0");
  EXPECT_EQ(shown(), before);
  EXPECT_EQ(table("SELECT id, _changed FROM ordersync.orders WHERE _changed IS NOT NULL ORDER BY id"), changes);
  EXPECT_FALSE(run(store_->health()).value().old_history);
  EXPECT_EQ(step(*store_).orders, 0);
}

TEST_F(history_conversion, of_orders_that_change_or_vanish_before_or_after_it_loses_no_state) {
  for (const bool before : {true, false}) {
    store_some();
    write_present_states();
    if (!before) convert_all(*store_);
    store_orders({in_status(1, 3), in_status(3, 3), in_status(4, 3)}, 600);
    ASSERT_EQ(run(store_->mark_vanished("main", {2}, at_ms(650))).value(), 1);
    const std::string states =
        "SELECT id, version, to_char(valid_from, 'MI:SS'), to_char(valid_to, 'MI:SS'), vanished, order_status, "
        "jsonb_array_length(items), changed - 'refund_amount_fen' FROM reporting.order_versions WHERE order_key < 5 "
        "ORDER BY id, version";
    const std::string expected =
        "1,1,01:40,10:00,f,7,2,{}\n"
        R"(1,2,10:00,,f,3,2,"{""order_status"": {""new"": 3, ""old"": 7}}")"
        "\n2,1,01:40,03:20,f,7,2,{}\n"
        R"(2,2,03:20,05:00,f,2,2,"{""order_status"": {""new"": 2, ""old"": 7}}")"
        "\n"
        R"(2,3,05:00,10:50,f,5,2,"{""order_status"": {""new"": 5, ""old"": 2}}")"
        "\n"
        R"(2,4,10:50,,t,5,2,"{""vanished"": {""new"": true, ""old"": false}}")"
        "\n3,1,01:40,03:20,f,7,2,{}\n"
        R"(3,2,03:20,10:00,f,2,2,"{""order_status"": {""new"": 2, ""old"": 7}}")"
        "\n"
        R"(3,3,10:00,,f,3,2,"{""order_status"": {""new"": 3, ""old"": 2}}")"
        "\n4,1,01:40,06:40,f,7,2,{}\n"
        R"(4,2,06:40,10:00,t,7,2,"{""vanished"": {""new"": true, ""old"": false}}")"
        "\n"
        R"(4,3,10:00,,f,3,2,"{""vanished"": {""new"": false, ""old"": true}, ""order_status"": {""new"": 3, ""old"": 7}}")";
    EXPECT_EQ(table(states), expected) << before;
    convert_all(*store_);
    EXPECT_EQ(table(states), expected) << before;
    EXPECT_EQ(present_states(), "0");
    execute(
        "TRUNCATE ordersync.orders CASCADE; DELETE FROM ordersync.sweeps; DELETE FROM ordersync.history_conversion");
  }
}

TEST_F(history_conversion, that_is_killed_in_a_batch_does_that_batch_again) {
  store_some();
  const auto before = shown();
  write_present_states();
  execute("BEGIN; SELECT FROM ordersync.order_history FOR UPDATE");
  auto batch = std::async(std::launch::async, [&] { return run(store_->maintenance().convert_history()); });
  wait_until(
      "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.usename = "
      "'ordersync' AND a.datname = current_database())");
  kill_sessions();
  execute("COMMIT");
  EXPECT_EQ(batch.get().value().orders, 6);
  EXPECT_EQ(convert_all(*store_), 6);
  EXPECT_EQ(present_states(), "0");
  EXPECT_EQ(shown(), before);
}

TEST_F(history_conversion, by_two_at_once_beside_a_writer_does_each_order_once) {
  std::vector<core::order> many;
  for (int id = 1; id <= 11'000; ++id) many.push_back(sample_order(id));
  store_orders(many, 100);
  write_present_states();
  const auto other = another_store();
  auto theirs = std::async(std::launch::async, [&] { return convert_all(*other); });
  auto written = commit_meanwhile(proven_batch(span(0, 60), {in_status(1, 2), in_status(10'500, 2)}, 200));
  const auto ours = convert_all(*store_);
  // An order that changes before its turn needs no conversion any more.
  EXPECT_THAT(std::max(ours, theirs.get()), ::testing::AllOf(::testing::Ge(10'998), ::testing::Le(11'000)));
  EXPECT_EQ(written.get().value().changed, 2);
  EXPECT_EQ(present_states(), "0");
  EXPECT_EQ(table("SELECT order_key, version, valid_to IS NULL FROM reporting.order_versions WHERE order_key IN (1, "
                  "10500) ORDER BY "
                  "1, 2"),
            "1,1,f\n1,2,t\n10500,1,f\n10500,2,t");
}

// As after a restore of one table from an older copy.
TEST_F(history_conversion, keeps_a_state_that_is_not_its_orders_present_one) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  store_orders({in_status(1, 2), in_status(2, 2)}, 200);
  write_present_states();
  execute(
      "UPDATE ordersync.orders SET _version = 3, _changed_at = _changed_at + interval '1 minute' WHERE id = 1;"
      "UPDATE ordersync.orders SET _version = 1 WHERE id = 2");
  convert_all(*store_);
  EXPECT_EQ(present_states(), "0");
  EXPECT_EQ(table("SELECT order_id, version, to_char(valid_from, 'MI:SS'), to_char(valid_to, 'MI:SS') "
                  "FROM ordersync.order_history ORDER BY 1, 2"),
            "1,1,01:40,03:20\n1,2,03:20,04:20\n2,1,01:40,03:20\n2,2,03:20,03:20");
  store_orders({in_status(2, 3)}, 300);
  EXPECT_EQ(table("SELECT version, to_char(valid_from, 'MI:SS'), to_char(valid_to, 'MI:SS') "
                  "FROM reporting.order_versions WHERE order_key = 2 ORDER BY 1"),
            "1,01:40,03:20\n2,03:20,03:20\n3,03:20,05:00\n4,05:00,");
}

// The same of an order whose row is gone.
TEST_F(history_conversion, keeps_the_last_state_of_an_order_that_is_not_there) {
  store_orders({sample_order(1)}, 100);
  write_present_states();
  execute("SET session_replication_role = replica; DELETE FROM ordersync.orders; RESET session_replication_role");
  convert_all(*store_);
  EXPECT_EQ(present_states(), "1");
  EXPECT_EQ(store_orders({in_status(1, 2)}, 200).created, 1);
  EXPECT_EQ(table("SELECT version, to_char(valid_from, 'MI:SS'), to_char(valid_to, 'MI:SS') "
                  "FROM reporting.order_versions ORDER BY 1"),
            "1,01:40,03:20\n2,03:20,");
}

}  // namespace
}  // namespace ordersync::store_test
