// The calendar day follows the configured zone, in the views and in the index alike.
#include "reporting_fixture.hpp"

#include <algorithm>
#include <future>

namespace ordersync::reporting_test {
namespace {

using ordersync::store_test::sample_order;

class zone : public reporting_test {
 protected:
  void set_zone(std::chrono::seconds east) {
    auto settings = beijing();
    settings.api_zone = east;
    const auto written = run(store_->set_reporting(settings));
    ASSERT_TRUE(written.has_value()) << written.error().what;
  }
  // By the index and by the table.
  std::string orders_of(const std::string& day) {
    const std::string count = "SELECT count(*) FROM reporting.orders WHERE created_day = '" + day + "'";
    execute("SET enable_seqscan = off");
    auto by_index = value(count);
    execute(
        "RESET enable_seqscan; SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = "
        "off");
    const auto by_table = value(count);
    execute("RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan");
    EXPECT_EQ(by_index, by_table);
    return by_index;
  }
};

TEST_F(zone, of_beijing_is_the_one_before_anything_is_set) {
  EXPECT_EQ(value("SELECT reporting.api_zone()"), "08:00:00");
}

TEST_F(zone, that_changes_moves_orders_to_another_day) {
  store_orders({sample_order(1, 10)});  // 2024-05-07T00:00:10Z
  set_zone(std::chrono::hours{8});
  EXPECT_EQ(orders_of("2024-05-07"), "1");
  set_zone(std::chrono::hours{-5});
  EXPECT_EQ(orders_of("2024-05-06"), "1");
  EXPECT_EQ(orders_of("2024-05-07"), "0");
  EXPECT_EQ(value("SELECT day FROM reporting.daily_orders"), "2024-05-06");
  store_orders({sample_order(2, 20)}, 200);
  EXPECT_EQ(orders_of("2024-05-06"), "2");
  set_zone(std::chrono::hours{8});
  EXPECT_EQ(orders_of("2024-05-07"), "2");
}

TEST_F(zone, that_changes_under_an_index_of_somebody_is_refused_with_its_name) {
  execute("CREATE INDEX of_mine ON ordersync.orders (_account, reporting.api_day(created_at))");
  auto settings = beijing();
  settings.api_zone = std::chrono::hours{-5};
  const auto written = run(store_->set_reporting(settings));
  ASSERT_TRUE(written.has_error());
  EXPECT_NE(written.error().what.find("ordersync.of_mine"), std::string::npos) << written.error().what;
  EXPECT_EQ(value("SELECT reporting.api_zone()"), "08:00:00");
  execute("DROP INDEX ordersync.of_mine");
  set_zone(std::chrono::hours{-5});
  EXPECT_EQ(value("SELECT reporting.api_zone()"), "-05:00:00");
}

TEST_F(zone, and_all_functions_mean_the_same_under_any_search_path) {
  execute(
      "CREATE SCHEMA trap; CREATE FUNCTION trap.round(numeric, integer) RETURNS numeric LANGUAGE sql AS 'SELECT 0.00'; "
      "CREATE FUNCTION trap.regexp_replace(text, text, text) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$; "
      "CREATE FUNCTION trap.nothing(integer, text) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$; "
      "CREATE FUNCTION trap.concat_ws(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT 'trapped' $$");
  execute("SET search_path = trap, pg_catalog");
  EXPECT_EQ(value("SELECT reporting.yuan(12345)"), "123.45");
  EXPECT_EQ(value("SELECT reporting.sku_text('[{\"name\": \"colour\", \"value\": \"red\"}]')"), "colour: red");
  EXPECT_EQ(value("SELECT reporting.change_text('total_amount_fen', '{\"old\": 100, \"new\": 250}')"),
            "total_amount: 1.00 -> 2.50");
  execute("RESET search_path");
}

TEST_F(zone, that_stays_writes_nothing) {
  set_zone(std::chrono::hours{8});
  const std::string places =
      "SELECT concat(f.xmin, ' ', pg_relation_filenode('ordersync.orders_api_day'), ' ', m.xmin) FROM "
      "pg_proc f, ordersync.mirror_settings m WHERE f.proname = 'api_zone'";
  const auto before = value(places);
  set_zone(std::chrono::hours{8});
  EXPECT_EQ(value(places), before);
}

TEST_F(zone, that_changes_beside_a_long_report_lets_others_read_and_names_it) {
  store_orders({sample_order(1, 10)});
  execute("BEGIN; SELECT count(*) FROM reporting.orders");
  const auto pid = value("SELECT pg_backend_pid()");
  auto settings = beijing();
  settings.api_zone = std::chrono::hours{-5};
  auto change = std::async(std::launch::async, [&] { return run(store_->set_reporting(settings)); });
  auto slowest = std::chrono::steady_clock::duration::zero();
  while (log_.count("database_retry") == 0 && change.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
    const auto begun = std::chrono::steady_clock::now();
    value_as("ordersync_reader", "SELECT count(*) FROM reporting.daily_orders");
    slowest = std::max(slowest, std::chrono::steady_clock::now() - begun);
  }
  EXPECT_LT(slowest, std::chrono::seconds{3});
  EXPECT_NE(log_.text().find("held by process " + pid + " of user postgres"), std::string::npos) << log_.text();
  execute("COMMIT");
  const auto written = change.get();
  ASSERT_TRUE(written.has_value()) << written.error().what;
  EXPECT_EQ(orders_of("2024-05-06"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'orders_api_day%'"), "1");
}

TEST_F(zone, that_changes_keeps_the_rights_of_readers) {
  set_zone(std::chrono::hours{1});
  EXPECT_EQ(value_as("ordersync_reader", "SELECT count(*) FROM reporting.daily_orders"), "0");
}

}  // namespace
}  // namespace ordersync::reporting_test
