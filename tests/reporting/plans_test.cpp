// On a million orders a question with a small answer finds it through an index.
#include "reporting_fixture.hpp"

#include <gmock/gmock.h>

#include <regex>

namespace ordersync::reporting_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Each page of 8 kB that a question touches counts, as often as it is touched. The orders alone are 40,000 pages, so
// that reading all of them goes beyond it.
constexpr int most_pages = 25'000;

struct question {
  const char* sql;
  const char* index;
};

class plans : public reporting_test {
 protected:
  static void SetUpTestSuite() { shared() = new made; }
  static void TearDownTestSuite() {
    delete shared();
    shared() = nullptr;
  }

  void ask(const question& asked) {
    const auto plan = shared()->plan(asked.sql);
    std::smatch found;
    ASSERT_TRUE(std::regex_search(plan, found, std::regex{R"(Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?)"}))
        << plan;
    int pages = 0;
    for (const std::size_t part : {1U, 2U}) pages += found[part].matched ? std::stoi(found[part]) : 0;
    EXPECT_LE(pages, most_pages) << asked.sql << "\n" << plan;
    EXPECT_THAT(plan, HasSubstr(asked.index)) << asked.sql;
    for (const auto* table : {"orders", "order_items", "order_history"})
      EXPECT_THAT(plan, Not(HasSubstr(std::string{"Seq Scan on "} + table))) << asked.sql;
    EXPECT_THAT(plan, Not(HasSubstr("rows=0 loops=1)\n  Buffers"))) << asked.sql << " has no answer here\n" << plan;
  }

 private:
  struct made : reporting_test {
    // The test's database, made once for all questions. Two states of every order.
    made() {
      SetUp();
      start_at_migration(4);
      make_orders(1'000'000);
      execute(
          "SET session_replication_role = replica;"
          "INSERT INTO ordersync.order_history (order_id, version, valid_from, valid_to, account, changed, state) "
          "SELECT id, 1, _first_seen_at, _changed_at, _account, '{}', jsonb_build_object('order', "
          "jsonb_build_object('order_status', 2)) FROM ordersync.orders; RESET session_replication_role");
      const auto migrated = run(store_->migrate());
      if (migrated.has_error()) throw std::runtime_error(migrated.error().what);
      execute(
          "UPDATE ordersync.orders SET _changed = jsonb_build_object('order_status', jsonb_build_object('old', 2, "
          "'new', "
          "order_status)) WHERE id > 1060631267000950000;"
          "INSERT INTO ordersync.order_details (order_id, _account, _first_seen_at, _changed_at, _observed_at, "
          "_version, _content_hash, paid_at, alipay_trade_id) SELECT id, 'main', now(), now(), now(), 1, '', "
          "created_at, '2024' || id FROM ordersync.orders WHERE id BETWEEN 1060631267000950001 AND "
          "1060631267000990000");
      execute(
          "VACUUM ANALYZE ordersync.orders, ordersync.order_items, ordersync.order_history, ordersync.order_details");
      execute(
          "SET ROLE ordersync_reader; SET max_parallel_workers_per_gather = 0; SET jit = off; SET timezone = 'UTC'");
    }
    void TestBody() override {}
    std::string plan(const std::string& sql) {
      return lines("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " + sql);
    }
  };
  static made*& shared() {
    static made* all = nullptr;
    return all;
  }
};

TEST_F(plans, by_day) {
  ask({"SELECT * FROM reporting.daily_orders WHERE day = current_date - 30", "orders_api_day"});
  ask({"SELECT * FROM reporting.daily_orders WHERE day >= current_date - 3", "orders_api_day"});
  ask({"SELECT * FROM reporting.orders WHERE created_day = current_date - 400", "orders_api_day"});
  ask({"SELECT * FROM reporting.orders WHERE created_at >= now() - interval '1 day'", "orders_created_at"});
  ask({"SELECT * FROM reporting.product_sales WHERE day = current_date - 30", "orders_api_day"});
  ask({"SELECT * FROM reporting.refunds WHERE created_at >= now() - interval '7 days'", "orders_refunded"});
  for (const auto* index : {"order_history_valid_from", "orders_changed_at"})
    ask({"SELECT * FROM reporting.order_timeline WHERE at >= now() - interval '1 day'", index});
}

TEST_F(plans, by_seller) {
  ask({"SELECT * FROM reporting.orders WHERE seller_login_id = 'seller 12308'", "orders_seller"});
  ask({"SELECT * FROM reporting.seller_performance WHERE seller_login_id = 'seller 12308'", "orders_seller"});
  ask({"SELECT * FROM reporting.order_items WHERE seller_login_id = 'seller 12308'", "orders_seller"});
  ask(
      {"SELECT sum(total_amount) FROM reporting.orders WHERE seller_login_id = 'seller 12308' AND created_day >= "
       "'2024-01-01'",
       "orders_seller"});
}

TEST_F(plans, by_status) {
  ask({"SELECT order_id, total_amount FROM reporting.orders WHERE order_status = 'other'", "orders_status_name"});
  ask({"SELECT order_id, total_amount FROM reporting.orders WHERE order_status_code = 8", "orders_status"});
  ask({"SELECT order_id, total_amount FROM reporting.orders WHERE order_status_1688 = 'other'", "orders_status_1688"});
  ask({"SELECT * FROM reporting.orders WHERE order_status = 'awaiting shipment' AND created_day = current_date - 10",
       "orders_"});
  ask({"SELECT order_id, age_days FROM reporting.open_orders WHERE order_status = 'awaiting payment'", "orders_open"});
  ask({"SELECT order_id FROM reporting.open_orders WHERE order_status = 'other'", "orders_open"});
  ask(
      {"SELECT order_status, count(*) FROM reporting.orders WHERE order_status IN ('awaiting payment', 'goods "
       "confirmed') GROUP BY 1",
       "orders_status_name"});
}

TEST_F(plans, by_product) {
  ask(
      {"SELECT * FROM reporting.product_sales WHERE product_id = (SELECT min(product_id) FROM (SELECT product_id FROM "
       "reporting.order_items WHERE product_id > '742813040000' ORDER BY product_id LIMIT 1) t)",
       "order_items_product"});
  ask({"SELECT * FROM reporting.order_items WHERE product_id = '742813000000'", "order_items_product"});
  ask(
      {"SELECT * FROM reporting.price_history WHERE product_id = (SELECT min(product_id) FROM (SELECT product_id FROM "
       "reporting.order_items WHERE product_id > '742813040000' ORDER BY product_id LIMIT 1) t)",
       "order_items_product"});
}

// As docs/queries.md asks which order belongs to a line of the bank.
TEST_F(plans, by_number_at_alipay) {
  ask(
      {"SELECT p.order_id, p.tb_order_id, p.seller_login_id, p.paid_at, p.amount, p.pay_way FROM reporting.orders o "
       "JOIN reporting.payments p ON p.order_key = o.order_key WHERE o.alipay_trade_id = '20241060631267000970000'",
       "order_details_alipay"});
}

TEST_F(plans, by_order) {
  for (const auto* view : {"orders", "order_items", "order_timeline"}) {
    const auto all = std::string{"SELECT * FROM reporting."} + view;
    ask({(all + " WHERE order_key = 1060631267000500000").c_str(), "_pkey"});
    ask({(all + " WHERE order_id = '1060631267000500000'").c_str(), "orders_id_text"});
  }
  for (const auto* view : {"payments", "shipments", "shipments_under_way", "cargo", "deliveries"}) {
    const auto all = std::string{"SELECT count(*) FROM reporting."} + view;
    ask({(all + " WHERE order_id = '1060631267000999998'").c_str(), "orders_id_text"});
    ask({(all + " WHERE order_key = 1060631267000999998").c_str(), "_pkey"});
  }
  for (const auto* view : {"refunds", "open_orders"})
    ask({(std::string{"SELECT count(*) FROM reporting."} + view + " WHERE order_id = '1060631267000999998'").c_str(),
         "orders_id_text"});
  ask({"SELECT * FROM reporting.refunds WHERE order_key = 1060631267000500000", "_pkey"});
  ask({"SELECT * FROM reporting.open_orders WHERE order_key = 1060631267000999998", "_pkey"});
  ask({"SELECT * FROM reporting.orders WHERE tb_order_id = '2042894170003500000'", "orders_tb_order_id"});
  ask({"SELECT * FROM reporting.orders WHERE order_no = '1060631260000500000'", "orders_order_no"});
  for (const auto* index : {"order_history_pkey", "orders_pkey"})
    ask({"SELECT * FROM reporting.orders_at(now() - interval '1 day') WHERE order_key = 1060631267000500000", index});
}

}  // namespace
}  // namespace ordersync::reporting_test
