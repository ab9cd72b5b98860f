// Building the schema, and refusing one that does not fit.
#include "store/migrations/apply_migrations.hpp"
#include "store/migrations/sql_statements.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class migrating : public store_test {
 protected:
  core::error current_fails() {
    const auto current = run(store_->require_current());
    EXPECT_TRUE(current.has_error());
    return current ? core::error{} : current.error();
  }
};

TEST(migrations, are_numbered_without_holes_and_have_checksums) {
  int expected = 1;
  for (const auto& step : store::migrations::migrations()) {
    EXPECT_EQ(step.version, expected++);
    EXPECT_FALSE(step.name.empty());
    EXPECT_EQ(step.checksum.size(), 64U);
    EXPECT_THAT(std::string{step.sql}, HasSubstr("COMMENT ON"));
  }
  EXPECT_GE(expected, 3);
}

TEST_F(migrating, a_second_time_there_is_nothing_to_do) {
  EXPECT_TRUE(run(store_->migrate()).value().empty());
  EXPECT_TRUE(run(store_->require_current()).has_value());
  for (const auto& step : run(store_->migration_status()).value()) EXPECT_TRUE(step.applied_at) << step.name;
}

TEST_F(migrating, checksums_are_those_of_the_files) {
  EXPECT_EQ(value("SELECT bool_and(length(checksum) = 64) FROM ordersync.schema_migrations"), "t");
  EXPECT_EQ(value("SELECT string_agg(name, ',' ORDER BY version) FROM ordersync.schema_migrations"),
            "mirror,proof,daemon,history,reporting,care,upkeep,troubles,proof_trials,moments,statistics,comments,push_"
            "messages,orders_apart,recheck,reads_by_day,distribution,references,column_statistics,superseded_states,"
            "order_counts,account_leases,payload_shapes,order_details,text_ids,change_feed,quarantine_kinds,"
            "detail_queue,api_state,alerts,reader_rights,corrected_reports");
}

// As they are applied to a Citus cluster.
TEST_F(migrating, one_statement_at_a_time_makes_the_same_schema) {
  const std::string schema =
      "SELECT md5(string_agg(line, '' ORDER BY line)) FROM (SELECT concat_ws(' ', c.relname, a.attname, "
      "format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)) AS line FROM pg_class c "
      "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
      "WHERE c.relnamespace IN ('ordersync'::regnamespace, 'reporting'::regnamespace) "
      "UNION ALL SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relkind = 'v' "
      "AND c.relnamespace IN ('ordersync'::regnamespace, 'reporting'::regnamespace) "
      "UNION ALL SELECT pg_get_functiondef(p.oid) FROM pg_proc p "
      "WHERE p.pronamespace IN ('ordersync'::regnamespace, 'reporting'::regnamespace)) AS lines";
  store::pg::connection other{test_support::shared_cluster().fresh_database_url(), "", never_};
  other.exec("begin", "BEGIN");
  for (const auto& step : store::migrations::migrations()) {
    for (const auto statement : store::migrations::sql_statements(step.sql))
      other.exec_script("apply", std::string{statement});
  }
  other.exec("commit", "COMMIT");
  EXPECT_EQ(other.exec("look", schema).text(0, 0), value(schema));
}

TEST_F(migrating, a_database_without_citus_says_what_distributing_needs) {
  const auto refused = run(store_->distribute());
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().kind, core::failure::database);
  EXPECT_THAT(refused.error().what,
              HasSubstr("has no Citus, so orders cannot be distributed: an administrator has to"));
}

TEST_F(migrating, a_database_that_is_not_distributed_is_refused_where_the_settings_say_that_it_is) {
  auto settings = settings_for({"main"});
  settings.distributed = true;
  const auto refused = run(store::make_database(settings, log_)->require_current());
  ASSERT_TRUE(refused.has_error());
  EXPECT_THAT(refused.error().what, HasSubstr("the orders are not distributed: run ordersync migrate"));
}

TEST_F(migrating, an_empty_database_lacks_every_step_and_says_what_to_run) {
  database_ = test_support::shared_cluster().create_database();
  store_ = another_store();
  const auto error = current_fails();
  EXPECT_EQ(error.kind, core::failure::database);
  EXPECT_THAT(error.what, HasSubstr("run ordersync migrate"));
  for (const auto& step : run(store_->migration_status()).value()) EXPECT_FALSE(step.applied_at) << step.name;
  EXPECT_EQ(run(store_->migrate()).value().size(), store::migrations::migrations().size());
  EXPECT_TRUE(run(store_->require_current()).has_value());
}

TEST_F(migrating, an_encoding_that_cannot_hold_every_text_is_refused_before_anything_is_made) {
  for (const std::string encoding : {"LATIN1", "EUC_CN", "SQL_ASCII"}) {
    database_ = "in_" + encoding;
    std::ranges::transform(database_, database_.begin(), [](unsigned char c) { return std::tolower(c); });
    store::pg::connection server{test_support::shared_cluster().connection_url("postgres", "postgres"), "", never_};
    server.exec("make", "CREATE DATABASE " + database_ + " ENCODING '" + encoding +
                            "' LOCALE 'C' TEMPLATE template0 OWNER ordersync");
    store_ = another_store();
    const auto refused = run(store_->migrate());
    ASSERT_TRUE(refused.has_error()) << encoding;
    EXPECT_THAT(refused.error().what, HasSubstr("has encoding " + encoding));
    EXPECT_THAT(refused.error().what, HasSubstr("createdb --encoding UTF8"));
    store::pg::connection there{test_support::shared_cluster().connection_url(database_, "postgres"), "", never_};
    EXPECT_TRUE(there.exec("look", "SELECT to_regnamespace('ordersync') IS NULL").flag(0, 0));
  }
}

TEST_F(migrating, a_role_that_may_not_create_learns_which_right_is_missing) {
  database_ = test_support::shared_cluster().create_database();
  execute("ALTER DATABASE " + database_ + " OWNER TO postgres");
  store_ = another_store();
  const auto refused = run(store_->migrate());
  ASSERT_TRUE(refused.has_error());
  EXPECT_THAT(refused.error().what, HasSubstr("GRANT CREATE ON DATABASE " + database_ + " TO ordersync"));
}

TEST_F(migrating, who_may_not_connect_or_log_in_learns_so_at_once) {
  const auto refused_as = [&](const std::string& role) {
    auto settings = settings_for({"main"});
    settings.url = test_support::shared_cluster().connection_url(database_, role);
    const auto asked = run(store::make_database(settings, log_)->migrate());
    EXPECT_TRUE(asked.has_error());
    return asked.has_error() ? asked.error().what : std::string{};
  };
  execute("DO $$ BEGIN CREATE ROLE shut_out NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  execute("DO $$ BEGIN CREATE ROLE unconnected LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  execute("REVOKE CONNECT ON DATABASE " + database_ + " FROM PUBLIC");
  EXPECT_THAT(refused_as("shut_out"), HasSubstr("the role may not log in"));
  EXPECT_THAT(refused_as("unconnected"), HasSubstr("GRANT CONNECT ON DATABASE"));
  EXPECT_THAT(refused_as("nobody_at_all"), HasSubstr("the role does not exist"));
}

TEST_F(migrating, two_at_once_apply_each_step_once) {
  database_ = test_support::shared_cluster().create_database();
  const auto first = another_store(), second = another_store();
  auto meanwhile = std::async(std::launch::async, [&] { return run(second->migrate()); });
  const auto ours = run(first->migrate());
  const auto theirs = meanwhile.get();
  ASSERT_TRUE(ours.has_value()) << ours.error().what;
  ASSERT_TRUE(theirs.has_value()) << theirs.error().what;
  EXPECT_EQ(ours->size() + theirs->size(), store::migrations::migrations().size());
}

TEST_F(migrating, a_step_whose_text_changed_since_is_refused) {
  execute("UPDATE ordersync.schema_migrations SET checksum = repeat('0', 64) WHERE version = 1");
  EXPECT_THAT(current_fails().what, HasSubstr("migration 1 (mirror) in the database differs from this program's"));
  EXPECT_TRUE(run(store_->migrate()).has_error());
  EXPECT_TRUE(run(store_->migration_status()).has_error());
}

TEST_F(migrating, a_database_that_is_newer_than_the_program_is_refused) {
  execute("INSERT INTO ordersync.schema_migrations VALUES (99, 'later', '')");
  EXPECT_THAT(current_fails().what, HasSubstr("migration 99"));
  EXPECT_EQ(run(store_->migrate()).error().kind, core::failure::database);
}

TEST_F(migrating, a_step_that_fails_leaves_nothing_behind) {
  auto steps = store::migrations::migrations();
  steps.push_back(
      {static_cast<int>(steps.size()) + 1, "broken", "x", "CREATE TABLE ordersync.half (x integer); SELECT 1/0;"});
  store::pg::connection db{settings_for().url, "", never_};
  db.exec("begin", "BEGIN");
  EXPECT_THROW(store::migrations::apply_next_migration(db, steps), store::pg::sql_error);
  db.exec("rollback", "ROLLBACK");
  EXPECT_EQ(value("SELECT to_regclass('ordersync.half')"), "NULL");
}

// A database as the steps before `version` made it.
class older_schema : public migrating {
 protected:
  void SetUp() override {
    migrating::SetUp();
    database_ = test_support::shared_cluster().create_database();
    superuser_ =
        std::make_unique<store::pg::connection>(test_support::shared_cluster().superuser_url(database_), "", never_);
    owner_ =
        std::make_unique<store::pg::connection>(test_support::shared_cluster().connection_url(database_), "", never_);
  }
  void apply(int from, int to) {
    owner_->exec("begin", "BEGIN");
    for (const auto& step : store::migrations::migrations()) {
      if (step.version >= from && step.version <= to) owner_->exec_script("apply", std::string{step.sql});
    }
    owner_->exec("commit", "COMMIT");
  }
  std::unique_ptr<store::pg::connection> owner_;
};

TEST_F(older_schema, keeps_its_payloads_and_what_others_made_of_them_when_payloads_are_split) {
  apply(1, 22);
  owner_->exec_script(
      "store",
      "INSERT INTO ordersync.orders (id, _version, _account, _content_hash, _first_seen_at, _changed_at, "
      "_observed_at) VALUES (1, 1, 'main', '', now(), now(), now());"
      "INSERT INTO ordersync.order_payloads VALUES (1, '{\"id\":1}', 'x');"
      "CREATE SCHEMA theirs; CREATE VIEW theirs.payloads WITH (security_barrier=true) AS "
      "SELECT order_id, payload::jsonb AS json FROM ordersync.order_payloads;"
      "CREATE VIEW theirs.above AS SELECT json->>'id' AS id FROM theirs.payloads");
  execute(
      "DO $$ BEGIN CREATE ROLE auditor; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
      "GRANT SELECT ON ordersync.order_payloads TO auditor; GRANT SELECT ON theirs.payloads TO auditor");
  const auto file = value("SELECT pg_relation_filenode('ordersync.order_payloads')");
  apply(23, 23);
  EXPECT_EQ(value("SELECT pg_relation_filenode('ordersync.stored_payloads')"), file) << "nothing was rewritten";
  EXPECT_EQ(table("SELECT order_id, payload, sha256 = 'x' FROM ordersync.order_payloads"), R"(1,"{""id"":1}",t)");
  execute(
      "INSERT INTO ordersync.payload_shapes VALUES (2, '{\"id\":%s}');"
      "UPDATE ordersync.stored_payloads SET shape = '%2$s', body = E'7\\n'");
  EXPECT_EQ(table("SELECT * FROM theirs.payloads"), R"(1,"{""id"": 7}")");
  EXPECT_EQ(value("SELECT id FROM theirs.above"), "7");
  EXPECT_EQ(value("SELECT reloptions FROM pg_class WHERE oid = 'theirs.payloads'::regclass"),
            "{security_barrier=true}");
  EXPECT_EQ(table("SELECT has_table_privilege('auditor', name, 'SELECT') FROM (VALUES "
                  "('ordersync.order_payloads'), ('theirs.payloads'), ('ordersync.stored_payloads')) AS t(name)"),
            "t\nt\nf");
  execute("DELETE FROM ordersync.orders");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.stored_payloads"), "0");
}

TEST_F(older_schema, is_left_as_it_is_when_a_view_of_another_role_is_in_the_way_of_splitting_payloads) {
  apply(1, 22);
  execute(
      "DO $$ BEGIN CREATE ROLE auditor; EXCEPTION WHEN duplicate_object THEN NULL; END $$; CREATE SCHEMA theirs; "
      "CREATE VIEW theirs.payloads AS SELECT * FROM ordersync.order_payloads; ALTER VIEW theirs.payloads OWNER TO "
      "auditor");
  try {
    apply(23, 23);
    FAIL() << "took it";
  } catch (const store::pg::sql_error& why) {
    EXPECT_EQ(why.sqlstate(), "2BP01");
  }
  owner_->exec("roll back", "ROLLBACK");
  EXPECT_EQ(value("SELECT to_regclass('ordersync.stored_payloads')"), "NULL");
}

TEST_F(older_schema, gives_what_is_in_quarantine_its_kinds) {
  apply(1, 26);
  owner_->exec_script("store",
                      "INSERT INTO ordersync.quarantine (account, order_id, path, reason, raw, raw_sha256, "
                      "first_seen_at, last_seen_at) VALUES ('main', 1, 'lines[12].urls[0]', 'not valid JSON at byte "
                      "1204', 'x', 'x', now(), now()), ('main', 1, 'price', 'is a whole number beyond 64 bits', 'y', "
                      "'y', now(), now()), ('main', 1, repeat('p', 1000), repeat('字', 2000), 'z', 'z', now(), now())");
  apply(27, 27);
  EXPECT_EQ(table("SELECT kind_path, kind_reason, accepted_at FROM ordersync.quarantine ORDER BY id LIMIT 2"),
            "lines[].urls[],\"not valid JSON at byte N\",\nprice,\"is a whole number beyond 64 bits\",");
  EXPECT_EQ(value("SELECT length(kind_reason) FROM ordersync.quarantine ORDER BY id DESC LIMIT 1"), "300");
}

// What was there before: every object with its owner and rights.
class foreign_schema : public migrating, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    migrating::SetUp();
    database_ = test_support::shared_cluster().create_database();
    superuser_ =
        std::make_unique<store::pg::connection>(test_support::shared_cluster().superuser_url(database_), "", never_);
    execute("DO $$ BEGIN CREATE ROLE somebody; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  }
  std::string all() {
    return table(
        "SELECT n.nspname, n.nspowner::regrole, n.nspacl, c.relname, c.relacl FROM pg_namespace n LEFT JOIN "
        "pg_class c ON c.relnamespace = n.oid WHERE n.nspname IN ('ordersync', 'reporting') ORDER BY 1, 4");
  }
  std::string refusal_of(const std::string& url) {
    auto settings = settings_for();
    settings.url = url;
    const auto done = run(store::make_database(settings, log_)->migrate());
    return done.has_value() ? "migrated" : done.error().what;
  }
  std::string as_owner() { return refusal_of(test_support::shared_cluster().connection_url(database_)); }
  std::string as_superuser() { return refusal_of(test_support::shared_cluster().superuser_url(database_)); }
};

INSTANTIATE_TEST_SUITE_P(either, foreign_schema, ::testing::Values("ordersync", "reporting"));

TEST_P(foreign_schema, of_another_role_is_refused_before_anything_is_done) {
  execute(
      fmt::format("CREATE SCHEMA {0} AUTHORIZATION somebody; CREATE TABLE {0}.theirs (); "
                  "GRANT ALL ON SCHEMA {0} TO PUBLIC; GRANT SELECT ON {0}.theirs TO PUBLIC",
                  GetParam()));
  const auto before = all();
  for (const auto& error : {as_owner(), as_superuser()}) {
    EXPECT_THAT(error, HasSubstr(fmt::format("schema {}", GetParam())));
    EXPECT_THAT(error, HasSubstr("of role somebody"));
    EXPECT_THAT(error, HasSubstr("rename that schema"));
  }
  EXPECT_EQ(all(), before);
}

TEST_P(foreign_schema, of_our_own_role_with_objects_that_are_not_ours_is_refused) {
  execute(fmt::format("CREATE SCHEMA {0}; CREATE VIEW {0}.theirs AS SELECT 1 AS x; GRANT ALL ON SCHEMA {0} TO PUBLIC",
                      GetParam()));
  const auto before = all();
  EXPECT_THAT(as_superuser(), HasSubstr("it contains objects"));
  EXPECT_EQ(all(), before);
}

TEST_P(foreign_schema, that_is_empty_and_was_made_for_us_is_used) {
  execute(fmt::format("CREATE SCHEMA {} AUTHORIZATION ordersync", GetParam()));
  EXPECT_EQ(as_owner(), "migrated");
}

TEST_P(foreign_schema, that_was_given_away_after_the_migration_names_its_owner) {
  ASSERT_EQ(as_owner(), "migrated");
  execute(fmt::format("ALTER SCHEMA {} OWNER TO somebody", GetParam()));
  execute(fmt::format("GRANT USAGE ON SCHEMA {} TO ordersync", GetParam()));
  EXPECT_THAT(as_owner(), HasSubstr("belongs to role somebody"));
}

TEST_F(migrating, waits_two_seconds_for_a_lock_and_names_who_holds_it) {
  auto steps = store::migrations::migrations();
  steps.push_back(
      {static_cast<int>(steps.size()) + 1, "next", "x", "ALTER TABLE ordersync.orders ADD COLUMN x integer"});
  store::pg::connection reader{settings_for().url, "", never_};
  reader.exec_script("read", "BEGIN; SELECT count(*) FROM ordersync.orders");
  store::pg::connection db{settings_for().url, "", never_};
  db.begin(store::pg::access::write);
  const auto begun = std::chrono::steady_clock::now();
  try {
    store::migrations::apply_next_migration(db, steps);
    ADD_FAILURE() << "was applied";
  } catch (const store::pg::sql_error& why) {
    EXPECT_TRUE(why.transient());
    EXPECT_THAT(why.reason(), HasSubstr(fmt::format("held by process {} of user ordersync (idle in its transaction "
                                                    "for 2 s)",
                                                    reader.process())));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{10});
}

TEST_F(migrating, the_role_that_owns_the_database_needs_no_more_rights) {
  EXPECT_EQ(value("SELECT rolsuper FROM pg_roles WHERE rolname = 'ordersync'"), "f");
  EXPECT_EQ(value("SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'ordersync'"), "ordersync");
}

TEST_F(migrating, every_table_and_every_column_carries_a_comment) {
  EXPECT_EQ(table("SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'ordersync'::regnamespace "
                  "AND c.relkind IN ('r', 'v', 'm', 'p') AND obj_description(c.oid, 'pg_class') IS NULL"),
            "NULL");
  EXPECT_EQ(table("SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                  "WHERE c.relnamespace = 'ordersync'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p') "
                  "AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL"),
            "NULL");
}

TEST_F(migrating, the_tables_of_orders_could_be_distributed_by_the_orders_id) {
  const std::string tables =
      "(VALUES ('orders', 'id'), ('order_items', 'order_id'), ('order_cargo', 'order_id'), ('order_receivers', "
      "'order_id'), "
      "('order_warehouse_addresses', 'order_id'), ('stored_payloads', 'order_id'), ('order_history', 'order_id')) AS "
      "t(name, key)";
  EXPECT_EQ(
      table("SELECT t.name, i.indexrelid::regclass FROM " + tables +
            " JOIN pg_index i ON i.indrelid = ('ordersync.' || t.name)::regclass WHERE i.indisunique AND NOT EXISTS "
            "(SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = t.key "
            "AND a.attnum = ANY(i.indkey))"),
      "NULL");
  EXPECT_EQ(
      value("SELECT string_agg(t::text, ' ' ORDER BY t::text COLLATE \"C\") FROM ordersync.tables_of_orders() AS t"),
      "ordersync.detail_queue ordersync.order_cargo ordersync.order_contacts ordersync.order_detail_history "
      "ordersync.order_detail_payloads ordersync.order_details ordersync.order_history ordersync.order_items "
      "ordersync.order_payments ordersync.order_receivers ordersync.order_refund_payloads ordersync.order_refunds "
      "ordersync.order_shipments "
      "ordersync.order_warehouse_addresses ordersync.stored_payloads");
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgfoid NOT IN ("
                  "'ordersync.delete_with_orders()'::regprocedure, 'ordersync.count_deleted_orders()'::regprocedure)"),
            "0");
  execute("SELECT ordersync.use_foreign_keys()");
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"), "0") << "a cluster has none";
}

TEST_F(migrating, no_row_is_looked_up_to_be_written) {
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE tgrelid <> 'ordersync.orders'::regclass AND "
                  "tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'ordersync'::regnamespace)"),
            "0");
}

TEST_F(migrating, a_cluster_has_foreign_keys_instead) {
  execute("SELECT ordersync.use_foreign_keys()");
  EXPECT_EQ(value("SELECT count(DISTINCT conrelid) FROM pg_constraint WHERE contype = 'f' AND convalidated "
                  "AND confrelid = 'ordersync.orders'::regclass"),
            "15");
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.tables_of_orders()"), "15");
}

// Ids become text in schema reporting.

TEST_F(older_schema, keeps_what_others_made_of_the_reporting_views_when_ids_become_text) {
  apply(1, 24);
  execute(
      "DO $$ BEGIN CREATE ROLE auditor; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT SELECT ON "
      "reporting.orders TO auditor");
  owner_->exec_script(
      "build views",
      "INSERT INTO ordersync.orders (id, _version, _account, _content_hash, _first_seen_at, _changed_at, "
      "_observed_at) VALUES (1060631267218818995, 1, 'main', '', now(), now(), now());"
      "CREATE SCHEMA theirs; CREATE VIEW theirs.\"big ones\" (\"Order\", total) WITH (security_barrier=true) AS SELECT "
      "order_id, total_amount FROM reporting.orders;"
      "COMMENT ON VIEW theirs.\"big ones\" IS 'ours'; COMMENT ON COLUMN theirs.\"big ones\".total IS 'yuan';"
      "CREATE VIEW theirs.counted AS SELECT count(*) AS n FROM theirs.\"big ones\" b JOIN reporting.open_orders o ON "
      "o.order_id = b.\"Order\"; GRANT SELECT ON theirs.counted TO auditor WITH GRANT OPTION");
  apply(25, 25);
  EXPECT_EQ(table("SELECT \"Order\", pg_typeof(\"Order\") FROM theirs.\"big ones\""), "1060631267218818995,text");
  EXPECT_EQ(value("SELECT n FROM theirs.counted"), "1");
  EXPECT_EQ(
      value("SELECT concat_ws(' ', obj_description(oid), col_description(oid, 2), reloptions) FROM pg_class WHERE "
            "relname = 'big ones'"),
      "ours yuan {security_barrier=true}");
  EXPECT_EQ(
      table("SELECT has_table_privilege('auditor', name, what) FROM (VALUES ('reporting.orders', 'SELECT'), "
            "('theirs.counted', 'SELECT WITH GRANT OPTION'), ('reporting.open_orders', 'SELECT')) AS t(name, what)"),
      "t\nt\nf");
}

class in_the_way : public older_schema {
 protected:
  std::string refused(const std::string& made) {
    apply(1, 24);
    execute("DO $$ BEGIN CREATE ROLE auditor; EXCEPTION WHEN duplicate_object THEN NULL; END $$; CREATE SCHEMA theirs");
    execute(made);
    std::string what;
    try {
      apply(25, 25);
    } catch (const store::pg::sql_error& why) {
      what = why.reason();
      EXPECT_EQ(why.sqlstate(), "2BP01");
    }
    owner_->exec("roll back", "ROLLBACK");
    EXPECT_EQ(value("SELECT pg_typeof(order_id) FROM reporting.orders UNION ALL SELECT 'bigint' LIMIT 1"), "bigint");
    return what;
  }
};

TEST_F(in_the_way, of_text_ids_is_a_view_of_another_role) {
  EXPECT_THAT(refused("CREATE VIEW theirs.mine AS SELECT order_id FROM reporting.refunds; ALTER VIEW theirs.mine OWNER "
                      "TO auditor"),
              HasSubstr("view theirs.mine of role auditor"));
}

TEST_F(in_the_way, of_text_ids_is_a_materialized_view) {
  EXPECT_THAT(refused("CREATE MATERIALIZED VIEW theirs.kept AS SELECT * FROM reporting.order_items"),
              HasSubstr("materialized view theirs.kept"));
}

TEST_F(in_the_way, of_text_ids_is_a_function_that_returns_such_rows) {
  EXPECT_THAT(
      refused("CREATE FUNCTION theirs.open() RETURNS SETOF reporting.open_orders LANGUAGE sql AS 'SELECT * FROM "
              "reporting.open_orders'"),
      HasSubstr("function theirs.open()"));
}

TEST_F(in_the_way, of_text_ids_is_a_view_of_orders_at) {
  EXPECT_THAT(refused("CREATE VIEW theirs.then_ AS SELECT id FROM reporting.orders_at(now())"),
              HasSubstr("theirs.then_"));
}

// orders_at gets a column.

TEST_F(older_schema, keeps_the_rights_on_orders_at_when_it_shows_details) {
  apply(1, 27);
  execute(
      "DO $$ BEGIN CREATE ROLE auditor; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT EXECUTE ON FUNCTION "
      "reporting.orders_at(timestamptz) TO auditor WITH GRANT OPTION");
  apply(28, 28);
  EXPECT_EQ(value("SELECT has_function_privilege('auditor', 'reporting.orders_at(timestamptz)', 'EXECUTE WITH GRANT "
                  "OPTION')"),
            "t");
  EXPECT_EQ(value("SELECT has_function_privilege('public', 'reporting.orders_at(timestamptz)', 'EXECUTE')"), "f");
  EXPECT_EQ(value("SELECT count(detail) FROM reporting.orders_at(now())"), "0");
}

TEST_F(older_schema, says_what_reads_orders_at_before_it_changes) {
  apply(1, 27);
  execute("CREATE SCHEMA theirs; CREATE VIEW theirs.then_ AS SELECT id FROM reporting.orders_at(now())");
  std::string what;
  try {
    apply(28, 28);
  } catch (const store::pg::sql_error& why) {
    what = why.reason();
  }
  owner_->exec("roll back", "ROLLBACK");
  EXPECT_THAT(what, HasSubstr("view theirs.then_ of role postgres"));
  execute("DROP VIEW theirs.then_");
  apply(28, 28);
  EXPECT_EQ(value("SELECT count(*) FROM reporting.orders_at(now())"), "0");
}

// The feed of changes gets details, those that there are, too.

TEST_F(older_schema, numbers_details_after_all_changes_and_names_what_reads_those_before) {
  apply(1, 31);
  execute(
      "DO $$ BEGIN CREATE ROLE auditor; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT EXECUTE ON FUNCTION "
      "reporting.changes(bigint, bigint) TO auditor;"
      "INSERT INTO ordersync.orders (id, _version, _account, _content_hash, _first_seen_at, _changed_at, _observed_at) "
      "SELECT id, 1, 'main', '', now(), now(), now() FROM generate_series(1, 2) id;"
      "INSERT INTO ordersync.change_batches VALUES (1, 2, '{1,2}', '{1,1}');"
      "INSERT INTO ordersync.order_details (order_id, _account, _first_seen_at, _changed_at, _observed_at, _version, "
      "_content_hash) VALUES (2, 'main', now(), '2024-05-07', now(), 2, ''), (1, 'main', now(), '2024-05-06', now(), "
      "1, "
      "'');"
      "INSERT INTO ordersync.order_detail_history VALUES (2, 1, '2024-05-05', '2024-05-07', '{}', '{}');"
      "CREATE SCHEMA theirs; CREATE VIEW theirs.fed AS SELECT change FROM reporting.changes(0)");
  std::string what;
  try {
    apply(32, 32);
  } catch (const store::pg::sql_error& why) {
    what = why.reason();
  }
  owner_->exec("roll back", "ROLLBACK");
  EXPECT_THAT(what, HasSubstr("view theirs.fed of role postgres"));
  execute("DROP VIEW theirs.fed");
  apply(32, 32);
  EXPECT_EQ(table("SELECT change, order_id, version, detail_version FROM reporting.changes(0)"),
            "1,1,1,\n2,2,1,\n3,2,1,1\n4,1,1,1\n5,2,1,2");
  EXPECT_EQ(value("SELECT has_function_privilege('auditor', 'reporting.changes(bigint, bigint)', 'EXECUTE')"), "t");
}

TEST_F(in_the_way, of_text_ids_is_a_view_that_compares_them_with_numbers_and_it_says_how_to_go_on) {
  EXPECT_THAT(
      refused("GRANT CREATE, USAGE ON SCHEMA theirs TO ordersync; SET ROLE ordersync; CREATE VIEW theirs.joined AS "
              "SELECT o.flow FROM reporting.orders r JOIN ordersync.orders o ON o.id = r.order_id; RESET ROLE"),
      AllOf(HasSubstr("view theirs.joined"), HasSubstr("order_key")));
}

}  // namespace
}  // namespace ordersync::store_test
