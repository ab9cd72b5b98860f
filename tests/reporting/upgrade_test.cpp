// From the first schema that daemons ran on to the last one, with a hundred thousand orders in it.
#include "reporting_fixture.hpp"
#include "store/migrations/apply_migrations.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>

namespace ordersync::reporting_test {
namespace {

constexpr int first_schema = 3;
// The last with present states in the history.
constexpr int full_history = 19;

// Each of them takes a tenth of a millisecond; a million was tried by hand.
int orders_to_upgrade() {
  const char* number = std::getenv("TEST_UPGRADE_ORDERS");
  return number == nullptr ? 20'000 : std::stoi(number);
}

class upgrade : public reporting_test {
 protected:
  // Every row of the tables that the first schema has, by the columns it had.
  static std::string contents() {
    std::string all;
    for (const auto* name : {"orders", "order_items", "coverage", "sweeps"}) {
      if (!all.empty()) all += " UNION ALL ";
      all += "SELECT '" + std::string{name} +
             " ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text COLLATE \"C\")), '') FROM "
             "kept." +
             name + " t";
    }
    return all + " ORDER BY 1";
  }
  // Views that freeze the columns of today; they must survive, too.
  void keep_columns() {
    execute("CREATE SCHEMA kept");
    for (const std::string name : {"orders", "order_items", "coverage", "sweeps"})
      execute("CREATE VIEW kept." + name + " AS SELECT * FROM ordersync." + name);
  }
  // All of the catalogue that says what the schema is.
  std::string schema() {
    return value(
        "SELECT md5(string_agg(line, E'\\n' ORDER BY line COLLATE \"C\")) FROM ("
        "SELECT concat_ws(' ', c.oid, c.relname, c.relkind, c.relacl, c.reloptions, a.attname, a.atttypid, "
        "a.attnotnull, "
        "pg_relation_filenode(c.oid), obj_description(c.oid, 'pg_class'), col_description(c.oid, a.attnum), "
        "CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END) AS line FROM pg_class c LEFT JOIN pg_attribute a ON "
        "a.attrelid = c.oid WHERE c.relnamespace::regnamespace::text IN ('ordersync', 'reporting') "
        "UNION ALL SELECT concat_ws(' ', p.oid, p.prosrc, p.proacl) FROM pg_proc p WHERE "
        "p.pronamespace::regnamespace::text IN ('ordersync', 'reporting') "
        "UNION ALL SELECT version::text FROM ordersync.schema_migrations) t");
  }
};

TEST_F(upgrade, of_a_hundred_thousand_orders_keeps_data_views_and_grants) {
  start_at_migration(first_schema);
  make_orders(100'000);
  execute(
      "INSERT INTO ordersync.coverage (account, scope, asked, proven) VALUES ('main', 's', 'all', '{[2024-05-01, "
      "2024-05-07)}')");
  keep_columns();
  execute(
      "DO $$ BEGIN CREATE ROLE analyst NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
      "GRANT USAGE ON SCHEMA ordersync TO analyst; GRANT SELECT ON ordersync.orders TO analyst");
  const auto before = lines(contents());
  const auto applied = run(store_->migrate());
  ASSERT_TRUE(applied.has_value()) << applied.error().what;
  EXPECT_EQ(applied->size(), store::migrations::migrations().size() - first_schema);

  EXPECT_EQ(lines(contents()), before);
  EXPECT_EQ(value_as("analyst", "SELECT count(*) FROM ordersync.orders"), "100000");
  EXPECT_EQ(value_as("ordersync_reader", "SELECT sum(orders) FROM reporting.daily_orders"), "100000");
  EXPECT_EQ(value_as("ordersync_reader", "SELECT count(*) FROM reporting.order_items"), "100000");
  EXPECT_EQ(value("SELECT sum(total_amount) = (SELECT sum(total_amount_fen) FROM ordersync.orders) / 100 FROM "
                  "reporting.orders"),
            "t");
  EXPECT_EQ(value("SELECT count(*) FROM reporting.order_timeline WHERE until IS NULL"), "100000");
  const auto status = run(store_->status()).value();
  EXPECT_EQ(status.orders, 100'000);
  EXPECT_EQ(status.order_items, 100'000);
  const core::window all_times{core::second{}, core::second{std::chrono::days{365 * 100}}};
  EXPECT_TRUE(run(store_->maintenance().miscounts({{}, all_times})).value().empty());
  EXPECT_TRUE(run(store_->maintenance().miscounts({})).value().empty());
  EXPECT_EQ(value("SELECT count(*) FROM reporting.orders_at('infinity')"), "100000");
}

// A fifth of the orders has changed once.
TEST_F(upgrade, of_a_full_history_shows_the_same_before_and_after_and_locks_writers_for_moments) {
  const auto orders = orders_to_upgrade();
  start_at_migration(full_history);
  make_orders(orders);
  execute(R"sql(
    SET session_replication_role = replica; SET synchronous_commit = off;
    UPDATE ordersync.orders SET _version = 1, _changed_at = _first_seen_at, _observed_at = _first_seen_at WHERE id % 5 <> 0;
    INSERT INTO ordersync.order_history (order_id, version, valid_from, valid_to, account, changed, state)
    SELECT o.id, v, CASE v WHEN 1 THEN _first_seen_at ELSE _changed_at END, CASE WHEN v < _version THEN _changed_at END, _account,
      CASE v WHEN 1 THEN '{}' ELSE '{"order_status": {"old": 2, "new": 5}}'::jsonb END,
      jsonb_build_object('order', (to_jsonb(o) - ARRAY['_account', '_content_hash', '_first_seen_at', '_changed_at', '_observed_at',
        '_version', '_vanished_at']) || CASE WHEN v < _version THEN '{"order_status": 2}'::jsonb ELSE '{}' END,
        'items', jsonb_build_array(to_jsonb(i) - 'order_id'), 'cargo', '[]'::jsonb)
    FROM ordersync.orders o JOIN ordersync.order_items i ON i.order_id = o.id, generate_series(1, _version) v;
    RESET session_replication_role; RESET synchronous_commit; ANALYZE ordersync.orders, ordersync.order_history)sql");
  const std::string shown =
      "SELECT count(*) || ' ' || md5(string_agg(md5(concat_ws(' ', id, version, valid_from, valid_to, vanished, "
      "account, order_no, "
      "tb_order_id, created_at, tb_created_at, order_status, pay_status, refund_status, seller_login_id, total_amount, "
      "jsonb_array_length(items), items #>> '{0,name}', changed)), '' ORDER BY id, version)) "
      "FROM reporting.order_versions";
  const auto before = value(shown);
  const auto size = std::stoll(value("SELECT pg_total_relation_size('ordersync.order_history')"));
  const auto began = std::chrono::steady_clock::now();
  const auto lasted = [&](auto since) {
    return std::to_string(std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count());
  };
  ASSERT_TRUE(run(store_->migrate()).has_value());
  RecordProperty("seconds_of_migrations", lasted(began));
  EXPECT_EQ(value(shown), before);

  const auto converting = std::chrono::steady_clock::now();
  std::chrono::duration<double> longest{0};
  store::maintenance::history_conversion now{.finished = false};
  while (!now.finished) {
    const auto batch = std::chrono::steady_clock::now();
    now = run(store_->maintenance().convert_history()).value();
    longest = std::max<std::chrono::duration<double>>(longest, std::chrono::steady_clock::now() - batch);
  }
  RecordProperty("seconds_of_conversion", lasted(converting));
  RecordProperty("seconds_of_the_longest_batch", std::to_string(longest.count()));
  EXPECT_EQ(now.orders, orders);
  EXPECT_EQ(value(shown), before);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_history"), std::to_string(orders / 5));
  execute("VACUUM FULL ordersync.order_history");
  const auto left = std::stoll(value("SELECT pg_total_relation_size('ordersync.order_history')"));
  RecordProperty("megabytes_before_and_after",
                 std::to_string(size / 1'000'000) + " " + std::to_string(left / 1'000'000));
  EXPECT_LT(left * 3, size);
}

TEST_F(upgrade, gives_the_same_schema_as_a_new_database_has) {
  const std::string shape =
      "SELECT concat_ws(' ', c.oid::regclass, c.relkind, c.relacl, c.reloptions, a.attnum, a.attname, "
      "format_type(a.atttypid, a.atttypmod)) "
      "FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE "
      "c.relnamespace::regnamespace::text IN ('ordersync', 'reporting') ORDER BY c.oid::regclass::text, a.attnum";
  const auto fresh = lines(shape);
  start_at_migration(first_schema);
  ASSERT_TRUE(run(store_->migrate()).has_value());
  EXPECT_EQ(lines(shape), fresh);
}

TEST_F(upgrade, that_fails_half_way_leaves_the_database_as_it_was) {
  store_orders({ordersync::store_test::sample_order(1)});
  auto steps = store::migrations::migrations();
  const std::string broken =
      "DROP VIEW reporting.refunds; ALTER TABLE ordersync.orders ADD COLUMN memo text; UPDATE ordersync.orders SET "
      "memo = 'x';"
      "CREATE OR REPLACE FUNCTION reporting.api_zone() RETURNS interval LANGUAGE sql IMMUTABLE AS 'SELECT interval ''1 "
      "hour''';"
      "REVOKE ALL ON reporting.orders FROM ordersync_reader; DROP INDEX ordersync.orders_seller; SELECT 1 / (SELECT 0)";
  steps.push_back({static_cast<int>(steps.size()) + 1, "broken", "x", broken});
  const auto before = schema() + lines("SELECT concat(ctid, ' ', xmin, ' ', o) FROM ordersync.orders o");
  store::pg::connection owner{settings_for().url, "", never_};
  owner.exec("begin", "BEGIN");
  EXPECT_THROW(store::migrations::apply_next_migration(owner, steps), store::pg::sql_error);
  owner.exec("rollback", "ROLLBACK");
  EXPECT_EQ(schema() + lines("SELECT concat(ctid, ' ', xmin, ' ', o) FROM ordersync.orders o"), before);
  EXPECT_TRUE(run(store_->require_current()).has_value());
}

TEST_F(upgrade, a_table_beneath_a_view_can_be_altered_in_place) {
  store_orders({ordersync::store_test::sample_order(1)});
  execute("ALTER TABLE ordersync.orders ADD COLUMN buyer_note text");
  const auto columns = value("SELECT pg_get_viewdef('reporting.orders')");
  execute("SET ROLE ordersync; CREATE OR REPLACE VIEW reporting.orders AS SELECT held.*, o.buyer_note FROM (" +
          columns.substr(0, columns.rfind(';')) +
          ") held JOIN ordersync.orders o ON o.id = held.order_key; RESET ROLE");
  EXPECT_EQ(value_as("ordersync_reader", "SELECT count(buyer_note) FROM reporting.orders"), "0");
}

}  // namespace
}  // namespace ordersync::reporting_test
