// What the mirror says of one order: found by any of its numbers, with its history and the read that showed it last.
#include "store/store_fixture.hpp"

#include <fmt/format.h>

namespace ordersync::store_test {
namespace {

using store::reports::order_report;

class order_reports : public store_test {
 protected:
  std::vector<order_report> find(const std::string& number, bool personal = false) {
    auto found = run(store_->find_orders(number, personal));
    EXPECT_TRUE(found.has_value()) << found.error().what;
    return found.has_value() ? std::move(*found) : std::vector<order_report>{};
  }
  order_report only(const std::string& number, bool personal = false) {
    auto found = find(number, personal);
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? order_report{} : std::move(found.front());
  }
  static core::order numbered(std::int64_t id, const std::string& order_no, const std::string& tb_order_id) {
    auto order = sample_order(id);
    order.order_no = order_no;
    order.tb_order_id = tb_order_id;
    rehash(order);
    return order;
  }
  static sync::window_batch apart(core::order order, int observed) {
    auto batch = unproven_batch(span(10, 11), {std::move(order)}, observed);
    batch.kind = sync::sweep_kind::revisit;
    batch.outcome = sync::sweep_outcome::partial;
    batch.reason = "somebody wanted it";
    batch.apart = true;
    return batch;
  }
};

TEST_F(order_reports, find_an_order_by_each_of_its_numbers) {
  store_orders({numbered(71, "A-1", "9001"), numbered(72, "A-2", "9002")});
  EXPECT_EQ(only("72").id, 72);
  EXPECT_EQ(only("A-2").id, 72);
  EXPECT_EQ(only("9002").id, 72);
  EXPECT_TRUE(find("9003").empty());
}

TEST_F(order_reports, find_all_orders_that_share_a_number) {
  store_orders({numbered(71, "A-1", "72"), numbered(72, "71", "9002")});
  EXPECT_EQ(find("71").size(), 2U);
  EXPECT_EQ(find("72").size(), 2U);
}

TEST_F(order_reports, find_nothing_by_a_text_that_is_no_number) {
  store_orders({numbered(71, "A-1", "9001")});
  for (const auto& text : {std::string{"'; DROP TABLE ordersync.orders; --"}, std::string(10'000, '7'), std::string{},
                           std::string{"7\0001", 3}, std::string{"\xff\xfe"}, std::string{"订单"}, std::string{"%"},
                           std::string{"99999999999999999999999"}})
    EXPECT_TRUE(find(text).empty()) << text.substr(0, 20);
  EXPECT_EQ(only("71").id, 71);
}

TEST_F(order_reports, hold_what_is_stored_of_it) {
  store_orders({sample_order(71)}, 100);
  const auto order = only("71");
  EXPECT_EQ(order.account, "main");
  EXPECT_EQ(order.discount_fen, -250);
  EXPECT_EQ(order.created_at, sample_order(71).created_at);
  EXPECT_EQ(order.status_name.value_or("none"),
            value("SELECT reporting.order_status_name(order_status) FROM ordersync.orders"));
  ASSERT_EQ(order.lines.size(), 2U);
  EXPECT_EQ(order.lines[0].id, 710);
  EXPECT_EQ(order.lines[0].quantity, "1.5");
  EXPECT_EQ(order.lines[0].status_name, "terminated");
  EXPECT_EQ(order.lines[0].sku, "颜色: 红色");
  EXPECT_TRUE(order.proven);
  EXPECT_FALSE(order.vanished_at);
}

TEST_F(order_reports, hold_addresses_for_who_asks_for_them_alone) {
  store_orders({sample_order(71)});
  EXPECT_TRUE(only("71").receiver.empty());
  EXPECT_TRUE(only("71").warehouse_address.empty());
  const auto order = only("71", true);
  EXPECT_EQ(order.receiver.size(), 6U);
  EXPECT_EQ(order.receiver.front().name, "full_name");
  EXPECT_EQ(order.receiver.front().value, sample_order(71).receiver->full_name);
  EXPECT_EQ(order.warehouse_address.size(), 10U);
}

TEST_F(order_reports, tell_its_history_change_by_change_and_name_personal_data_only) {
  auto order = sample_order(71);
  order.order_status = 1;
  rehash(order);
  store_orders({order}, 100);
  order.order_status = 2;
  order.receiver->full_name = "Somebody Else";
  rehash(order);
  store_orders({order}, 200);
  const auto history = only("71", true).history;
  ASSERT_EQ(history.size(), 2U);
  EXPECT_TRUE(history[0].changes.empty());
  ASSERT_EQ(history[1].changes.size(), 2U);
  EXPECT_EQ(history[1].changes[0].field, "order_status");
  EXPECT_EQ(history[1].changes[0].before, "1");
  EXPECT_EQ(history[1].changes[0].after, "2");
  EXPECT_EQ(history[1].changes[0].text, "order_status: awaiting payment -> awaiting shipment");
  EXPECT_EQ(history[1].changes[1].field, "receiver");
  EXPECT_FALSE(history[1].changes[1].after);
  EXPECT_EQ(history[1].status_name, "awaiting shipment");
}

TEST_F(order_reports, name_the_latest_window_that_held_its_creation) {
  store_orders({sample_order(71)}, 100);
  commit(proven_batch(span(500, 600), {}, 300));
  auto read = only("71").last_read;
  ASSERT_TRUE(read);
  EXPECT_EQ(read->finished_at, at_ms(101));
  EXPECT_TRUE(read->proven);
  EXPECT_FALSE(read->apart);
  commit(unproven_batch(span(0, 20), {sample_order(71)}, 400));
  read = only("71").last_read;
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->proven);
  EXPECT_EQ(read->window, span(0, 20));
}

TEST_F(order_reports, do_not_take_a_look_up_of_another_order_for_a_read) {
  auto other = sample_order(72);
  store_orders({sample_order(71), other}, 100);
  commit(apart(other, 300));
  EXPECT_EQ(value("SELECT order_ids::text FROM ordersync.sweeps ORDER BY id DESC LIMIT 1"), "{72}");
  EXPECT_FALSE(only("71").last_read->apart);
  const auto read = only("72").last_read;
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->apart);
  EXPECT_EQ(read->reason, "somebody wanted it");
}

TEST_F(order_reports, find_the_read_of_an_old_order_behind_very_many_others) {
  store_orders({sample_order(71)}, 100);
  execute(
      "INSERT INTO ordersync.sweeps (account, scope, range, kind, outcome, reason, orders_seen, created, changed, "
      "unchanged, outdated, quarantined, pages, attempts, started_at, finished_at) "
      "SELECT 'main', 'scope-1', tstzrange(t, t + interval '10 min'), 'live', 'proven', '', 1, 0, 0, 1, 0, 0, 1, 1, t, "
      "t "
      "FROM (SELECT timestamptz '2025-01-01' + n * interval '10 s' AS t FROM generate_series(1, 110000) AS n) AS "
      "times");
  const auto read = only("71").last_read;
  ASSERT_TRUE(read);
  EXPECT_EQ(read->finished_at, at_ms(101));
}

TEST_F(order_reports, say_what_speaks_against_it) {
  auto order = sample_order(71);
  order.notes.push_back({"receiver", "not valid JSON at byte 3", "{\"a"});
  rehash(order);
  store_orders({order}, 100);
  run(store_->mark_vanished("main", {71}, at_ms(500))).value();
  execute("INSERT INTO ordersync.erased_orders (order_id, personal_data, reason) VALUES (71, true, 'order')");
  execute("UPDATE ordersync.coverage SET proven = '{}'");
  const auto found = only("71");
  ASSERT_EQ(found.quarantine.size(), 1U);
  EXPECT_EQ(found.quarantine[0].path, "receiver");
  EXPECT_EQ(found.vanished_at, at_ms(500));
  ASSERT_TRUE(found.erased);
  EXPECT_TRUE(found.erased->personal_data);
  EXPECT_EQ(found.erased->reason, "order");
  EXPECT_FALSE(found.proven);
  EXPECT_FALSE(found.quarantine[0].accepted);
  run(store_->maintenance().accept_kinds({"receiver"}, "known")).value();
  EXPECT_TRUE(only("71").quarantine[0].accepted);
}

}  // namespace
}  // namespace ordersync::store_test
