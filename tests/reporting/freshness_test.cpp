// How current and how complete: freshness and coverage_gaps.
#include "reporting_fixture.hpp"

namespace ordersync::reporting_test {
namespace {

using ordersync::store_test::proven_batch;
using ordersync::store_test::span;
using ordersync::store_test::unproven_batch;

class freshness : public reporting_test {
 protected:
  // As if the clock stood there: what is expected ends with the proof's last second.
  void stop_at(int second) {
    execute("UPDATE ordersync.mirror_settings SET grace = date_trunc('second', now()) - to_timestamp(" +
            std::to_string(ordersync::store_test::at(second).time_since_epoch().count()) + ")");
  }
  void SetUp() override {
    reporting_test::SetUp();
    ASSERT_TRUE(run(store_->set_reporting(beijing())).has_value());
  }
};

TEST_F(freshness, of_an_account_that_is_proven_to_now_shows_no_gap) {
  commit(proven_batch(span(-100, 600), {}));
  execute("BEGIN");
  stop_at(600);
  EXPECT_EQ(
      table("SELECT account, complete_through, last_success_kind, gaps, gap_time, quarantine, oldest_revisit_at FROM "
            "reporting.freshness"),
      "main,\"2024-05-07 00:10:00+00\",live,0,,0,");
  EXPECT_EQ(value("SELECT count(*) FROM reporting.coverage_gaps"), "0");
  execute("COMMIT");
}

TEST_F(freshness, shows_gaps_with_the_reason_of_the_last_reading) {
  commit(proven_batch(span(0, 60), {}));
  commit(unproven_batch(span(60, 120), {}));
  commit(proven_batch(span(120, 180), {}));
  execute("BEGIN");
  stop_at(240);
  EXPECT_EQ(table("SELECT complete_through, gaps, gap_time FROM reporting.freshness"),
            "\"2024-05-07 00:01:00+00\",2,00:02:00");
  EXPECT_EQ(
      table("SELECT gap_from, gap_to, length, reason, orders_seen FROM reporting.coverage_gaps ORDER BY gap_from"),
      "\"2024-05-07 00:01:00+00\",\"2024-05-07 00:02:00+00\",00:01:00,\"the API counts 3 orders but returned 2\",0\n"
      "\"2024-05-07 00:03:00+00\",\"2024-05-07 00:04:00+00\",00:01:00,,");
  execute("COMMIT");
}

TEST_F(freshness, goes_back_to_where_a_retraction_begins_and_names_its_reason) {
  commit(proven_batch(span(0, 100), {}));
  commit(proven_batch(span(100, 600), {}));
  const store::coverage::contradiction what{.way = "slices",
                                            .range = store::coverage::whole_time_line,
                                            .expected = 500,
                                            .found = 480,
                                            .reason = "the API cuts ranges longer than 2 min",
                                            .proven_since = {},
                                            .longer_than = std::chrono::minutes{2}};
  ASSERT_EQ(run(store_->trials().retract("main", what)).value().size(), 1U);
  execute("BEGIN");
  stop_at(600);
  EXPECT_EQ(table("SELECT complete_through, gaps, gap_time FROM reporting.freshness"),
            "\"2024-05-07 00:01:40+00\",1,00:08:20");
  EXPECT_EQ(table("SELECT gap_from, gap_to, reason FROM reporting.coverage_gaps"),
            "\"2024-05-07 00:01:40+00\",\"2024-05-07 00:10:00+00\",\"the API cuts ranges longer than 2 min\"");
  execute("COMMIT");
}

TEST_F(freshness, is_unknown_while_not_even_the_beginning_is_proven) {
  commit(proven_batch(span(30, 60), {}));
  execute("BEGIN");
  stop_at(60);
  EXPECT_EQ(table("SELECT complete_through, behind, gaps FROM reporting.freshness"), ",,1");
  execute("COMMIT");
}

TEST_F(freshness, shows_the_oldest_revisit_and_what_is_in_quarantine) {
  ASSERT_TRUE(run(store_->write_tiers(
                      "main", {{"main", std::chrono::hours{2}, std::chrono::minutes{1}, at_ms(50), false, {}},
                               {"main", std::chrono::hours{72}, std::chrono::minutes{15}, at_ms(20), true, {}}}))
                  .has_value());
  execute(
      "INSERT INTO ordersync.quarantine (account, order_id, path, reason, raw, raw_sha256, first_seen_at, "
      "last_seen_at) "
      "VALUES ('main', 1, 'receiver', 'bad', 'x', '\\x00', now(), now())");
  EXPECT_EQ(table("SELECT oldest_revisit_at, revisits_behind, quarantine FROM reporting.freshness"),
            "\"2024-05-07 00:00:20+00\",t,1");
}

TEST_F(freshness, without_a_word_of_the_configuration_begins_where_the_proof_does) {
  execute("DELETE FROM ordersync.mirror_settings");
  commit(proven_batch(span(0, 60), {}));
  EXPECT_EQ(table("SELECT complete_through, gaps FROM reporting.freshness"), "\"2024-05-07 00:01:00+00\",1");
}

// As right after a first load, before the server has made statistics.
TEST_F(freshness, is_shown_without_compiling_a_plan_before_there_are_statistics) {
  commit(proven_batch(span(0, 60), {}));
  execute("SET jit = on");
  EXPECT_EQ(lines("EXPLAIN ANALYZE SELECT * FROM reporting.freshness").find("JIT"), std::string::npos);
}

TEST_F(freshness, of_open_orders_is_looked_up_by_key_before_there_are_statistics) {
  execute(
      "ALTER TABLE ordersync.orders SET (autovacuum_enabled = off);"
      "ALTER TABLE ordersync.order_history SET (autovacuum_enabled = off)");
  make_orders(5'000);
  execute(
      "SET session_replication_role = replica;"
      "INSERT INTO ordersync.order_history (order_id, version, valid_from, valid_to, account, changed, state) "
      "SELECT id, v, now(), now(), _account, CASE v WHEN 1 THEN '{}' ELSE '{\"order_status\": {}}'::jsonb END, '{}' "
      "FROM ordersync.orders, generate_series(1, 2) v; RESET session_replication_role;"
      "DELETE FROM pg_statistic WHERE starelid = 'ordersync.order_history'::regclass");
  const auto plan = lines("EXPLAIN SELECT * FROM reporting.open_orders");
  EXPECT_NE(plan.find("order_history_pkey"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("order_history_valid_from"), std::string::npos) << plan;
}

}  // namespace
}  // namespace ordersync::reporting_test
