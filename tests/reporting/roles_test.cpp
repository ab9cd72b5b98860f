// Who may do what: role by object by verb.
#include "reporting_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

namespace ordersync::reporting_test {
namespace {

using ordersync::store_test::sample_order;
using ::testing::HasSubstr;
using ::testing::Not;

// Everything that the role may do with anything of the two schemas, a line each.
std::string rights_of(const std::string& role) {
  return "SELECT format('%s %s', verb, thing) FROM ("
         "SELECT nspname::text AS thing, verb FROM pg_namespace n, unnest(ARRAY['USAGE', 'CREATE']) verb "
         "WHERE nspname IN ('ordersync', 'reporting') AND has_schema_privilege('" +
         role +
         "', n.oid, verb) "
         "UNION ALL SELECT c.oid::regclass::text, verb FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', "
         "'DELETE', "
         "'TRUNCATE', 'REFERENCES', 'TRIGGER']) verb WHERE c.relnamespace::regnamespace::text IN ('ordersync', "
         "'reporting') "
         "AND c.relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege('" +
         role +
         "', c.oid, verb) "
         "UNION ALL SELECT c.oid::regclass || '.' || a.attname, verb || ' column' FROM pg_class c JOIN pg_attribute a "
         "ON "
         "a.attrelid = c.oid, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) verb WHERE "
         "c.relnamespace::regnamespace::text IN ('ordersync', 'reporting') AND c.relkind IN ('r', 'p', 'v', 'm') AND "
         "a.attnum > 0 "
         "AND NOT has_table_privilege('" +
         role + "', c.oid, verb) AND has_column_privilege('" + role +
         "', c.oid, a.attnum, verb) "
         "UNION ALL SELECT c.oid::regclass::text, verb FROM pg_class c, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) "
         "verb "
         "WHERE c.relnamespace::regnamespace::text IN ('ordersync', 'reporting') AND CASE WHEN c.relkind = 'S' THEN "
         "has_sequence_privilege('" +
         role +
         "', c.oid, verb) END "
         "UNION ALL SELECT p.oid::regprocedure::text, 'EXECUTE' FROM pg_proc p WHERE "
         "p.pronamespace::regnamespace::text IN "
         "('ordersync', 'reporting') AND has_function_privilege('" +
         role + "', p.oid, 'EXECUTE')) t ORDER BY 1";
}

// What a reader of schema reporting is to have.
const std::string reading_rights =
    "SELECT right_ FROM (SELECT 'USAGE reporting' AS right_ UNION ALL SELECT 'SELECT ' || c.oid::regclass FROM "
    "pg_class c WHERE "
    "c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' UNION ALL SELECT 'EXECUTE ' || p.oid::regprocedure "
    "FROM "
    "pg_proc p WHERE p.pronamespace = 'reporting'::regnamespace";

class roles : public reporting_test {
 protected:
  void SetUp() override {
    reporting_test::SetUp();
    execute("DO $$ BEGIN CREATE ROLE anybody NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  }
};

TEST_F(roles, anybody_else_may_do_nothing) {
  EXPECT_EQ(lines(rights_of("anybody")), "");
}

TEST_F(roles, a_reader_may_read_reporting_and_nothing_else) {
  EXPECT_EQ(lines(rights_of("ordersync_reader")), lines(reading_rights + ") t ORDER BY 1"));
  EXPECT_THAT(lines(rights_of("ordersync_reader")), HasSubstr("SELECT reporting.daily_orders\n"));
}

TEST_F(roles, a_reader_of_personal_data_may_also_read_the_addresses_and_nothing_else) {
  EXPECT_EQ(lines(rights_of("ordersync_pii_reader")),
            lines(reading_rights + " UNION ALL VALUES ('USAGE ordersync'), ('SELECT ordersync.order_receivers'), "
                                   "('SELECT ordersync.order_warehouse_addresses'), ('SELECT "
                                   "ordersync.order_contacts')) t ORDER BY 1"));
}

TEST_F(roles, the_owner_is_no_superuser_and_may_do_everything) {
  EXPECT_EQ(value("SELECT rolsuper FROM pg_roles WHERE rolname = 'ordersync'"), "f");
  EXPECT_THAT(lines(rights_of("ordersync")), HasSubstr("INSERT ordersync.orders\n"));
}

TEST_F(roles, of_readers_cannot_log_in_and_have_no_power) {
  EXPECT_EQ(
      table("SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname ~ "
            "'^ordersync_(pii_)?reader$'"),
      "f,f,f,f,f\nf,f,f,f,f");
}

TEST_F(roles, a_reader_really_reads_every_view_and_is_really_refused) {
  store_orders({sample_order(1)});
  const std::vector<std::string> all_views{
      "orders",          "order_items",     "order_timeline", "daily_orders",    "seller_performance",
      "product_sales",   "open_orders",     "refunds",        "freshness",       "coverage_gaps",
      "order_versions",  "payments",        "daily_payments", "shipments",       "shipments_under_way",
      "unpaid_expiring", "refund_requests", "cargo",          "buyers",          "price_history",
      "monthly_spend",   "deliveries",      "change_numbers", "details_missing", "order_detail_versions"};
  EXPECT_EQ(value("SELECT count(*) FROM pg_class WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'v'"),
            std::to_string(all_views.size()));
  for (const auto& view : all_views) {
    for (const auto* reader : {"ordersync_reader", "ordersync_pii_reader"})
      EXPECT_EQ(refused_as(reader, "SELECT v::text FROM reporting." + view + " v"), "") << reader << " " << view;
    EXPECT_EQ(refused_as("anybody", "SELECT FROM reporting." + view), "42501") << view;
  }
  EXPECT_EQ(refused_as("ordersync_reader", "SELECT FROM reporting.orders_at(now())"), "");
  EXPECT_EQ(value_as("ordersync_pii_reader", "SELECT full_name FROM ordersync.order_receivers"), "收件人");
  for (const auto* sql :
       {"SELECT FROM ordersync.orders", "SELECT FROM ordersync.order_receivers", "SELECT FROM ordersync.order_payloads",
        "UPDATE ordersync.orders SET flow = 'x'", "DELETE FROM ordersync.orders", "SELECT ordersync.grant_reading()",
        "CREATE VIEW reporting.mine AS SELECT 1", "SELECT nextval('ordersync.sweeps_id_seq')"})
    EXPECT_EQ(refused_as("ordersync_reader", sql), "42501") << sql;
  for (const auto* sql : {"UPDATE reporting.orders SET account = 'x'", "DELETE FROM reporting.orders"})
    EXPECT_NE(refused_as("ordersync_reader", sql), "") << sql;
  for (const auto* sql :
       {"SELECT FROM ordersync.orders", "SELECT FROM ordersync.order_payloads", "SELECT FROM ordersync.quarantine",
        "SELECT FROM ordersync.order_history", "DELETE FROM ordersync.order_receivers"})
    EXPECT_EQ(refused_as("ordersync_pii_reader", sql), "42501") << sql;
}

TEST_F(roles, that_another_database_has_made_are_taken_as_they_are) {
  const auto before = value("SELECT 'ordersync_reader'::regrole::oid");
  database_ = test_support::shared_cluster().create_database();
  store_ = another_store();
  ASSERT_TRUE(run(store_->migrate()).has_value());
  EXPECT_EQ(value("SELECT 'ordersync_reader'::regrole::oid"), before);
  EXPECT_THAT(log_.text(), Not(HasSubstr("role_missing")));
}

TEST_F(roles, a_view_that_an_administrator_put_beside_ours_is_left_alone) {
  execute("CREATE VIEW reporting.theirs AS SELECT 1 AS one; GRANT SELECT ON reporting.theirs TO PUBLIC");
  const auto again = run(store_->migrate());
  ASSERT_TRUE(again.has_value()) << again.error().what;
  EXPECT_EQ(value_as("ordersync_reader", "SELECT one FROM reporting.theirs"), "1");
}

TEST_F(roles, rights_that_were_lost_come_back_with_the_next_migrate) {
  execute(
      "REVOKE ALL ON ALL TABLES IN SCHEMA reporting FROM ordersync_reader; GRANT SELECT ON ordersync.orders TO PUBLIC");
  ASSERT_TRUE(run(store_->migrate()).has_value());
  EXPECT_EQ(lines(rights_of("ordersync_reader")), lines(reading_rights + ") t ORDER BY 1"));
}

// As Debian's `createuser ordersync` makes it: it may log in, and owns its database.
TEST(roles_elsewhere, an_owner_that_may_not_make_roles_migrates_and_learns_who_has_to) {
  test_support::postgres_cluster cluster;
  store::pg::stop_signal never;
  ordersync::store_test::recorded_log log;
  const auto database = cluster.create_database();
  store::pg::connection superuser{cluster.superuser_url(database), "", never};
  superuser.exec("arrange", "CREATE ROLE plain LOGIN");
  superuser.exec("arrange", "ALTER DATABASE " + database + " OWNER TO plain");
  const auto plain = store::make_database(
      {.url = cluster.connection_url(database, "plain"), .password = {}, .accounts = {}, .retry = {}}, log);
  const auto migrated = run(plain->migrate());
  ASSERT_TRUE(migrated.has_value()) << migrated.error().what;
  EXPECT_EQ(log.count("role_missing"), 1);
  EXPECT_THAT(log.text(), HasSubstr("CREATE ROLE ordersync_reader; CREATE ROLE ordersync_pii_reader;"));
  const auto public_rights =
      "SELECT count(*) FROM pg_proc p WHERE pronamespace::regnamespace::text IN ('ordersync', 'reporting') "
      "AND has_function_privilege('anybody', p.oid, 'EXECUTE')";
  superuser.exec("arrange", "CREATE ROLE anybody NOLOGIN");
  EXPECT_EQ(superuser.exec("look", public_rights).integer(0, 0), 0);

  superuser.exec("arrange", "CREATE ROLE ordersync_reader NOLOGIN");
  superuser.exec("arrange", "CREATE ROLE ordersync_pii_reader NOLOGIN");
  ASSERT_TRUE(run(plain->migrate()).has_value());
  EXPECT_EQ(log.count("role_missing"), 1) << "only where they are missing";
  superuser.exec("arrange", "SET ROLE ordersync_reader");
  EXPECT_EQ(superuser.exec("look", "SELECT count(*) FROM reporting.daily_orders").integer(0, 0), 0);
}

}  // namespace
}  // namespace ordersync::reporting_test
