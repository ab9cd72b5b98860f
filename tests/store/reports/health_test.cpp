#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

namespace ordersync::store_test {
namespace {

using test_support::shared_cluster;

struct health : store_test {
  store::reports::health_report look() {
    auto seen = run(store_->health());
    EXPECT_TRUE(seen.has_value());
    return seen.has_value() ? *seen : store::reports::health_report{};
  }
};

TEST_F(health, of_the_role_that_owns_the_schema_lacks_nothing) {
  const auto seen = look();
  EXPECT_EQ(seen.role, "ordersync");
  EXPECT_EQ(seen.database, database_);
  EXPECT_EQ(seen.encoding, "UTF8");
  EXPECT_GE(seen.server_number, 140'000);
  EXPECT_TRUE(seen.has_schema && seen.may_create && seen.may_use_temporary);
  EXPECT_FALSE(seen.superuser || seen.state.replay_lag);
  EXPECT_TRUE(seen.foreign.empty());
}

TEST_F(health, shows_how_far_the_servers_clock_is_behind_what_is_stored) {
  EXPECT_EQ(look().clock_behind, std::chrono::milliseconds{0});
  store_orders({sample_order(1)});
  execute("UPDATE ordersync.sweeps SET finished_at = clock_timestamp() + interval '1 hour'");
  EXPECT_GT(look().clock_behind, std::chrono::minutes{59});
  EXPECT_LE(look().clock_behind, std::chrono::hours{1});
}

TEST_F(health, names_the_standby_that_commits_wait_for) {
  EXPECT_EQ(look().state.missing_standby, "");
  execute("SET synchronous_commit = local");
  execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  value("SELECT pg_reload_conf()");
  wait_until("SELECT current_setting('synchronous_standby_names') = 'nobody'");
  for (int i = 0; i < 200 && look().state.missing_standby.empty(); ++i) value("SELECT pg_sleep(0.02)");
  EXPECT_EQ(look().state.missing_standby, "nobody");
  execute("ALTER SYSTEM RESET synchronous_standby_names");
  value("SELECT pg_reload_conf()");
}

TEST_F(health, names_what_belongs_to_somebody_else) {
  execute("ALTER TABLE ordersync.sweeps OWNER TO postgres");
  EXPECT_EQ(look().foreign, (std::vector<std::string>{"ordersync.sweeps", "ordersync.sweeps_id_seq"}));
}

TEST_F(health, of_a_stranger_shows_what_it_may_not) {
  execute("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  auto settings = settings_for({"main"});
  settings.url = shared_cluster().connection_url(database_, "stranger");
  const auto as_stranger = store::make_database(settings, log_);
  const auto seen = run(as_stranger->health());
  ASSERT_TRUE(seen.has_value()) << seen.error().what;
  EXPECT_EQ(seen->role, "stranger");
  EXPECT_FALSE(seen->may_create);
  EXPECT_FALSE(seen->foreign.empty());
}

TEST_F(health, a_role_that_is_set_to_read_only_writes_also_where_the_url_asks_for_a_server_that_does) {
  execute("ALTER ROLE ordersync IN DATABASE " + database_ + " SET default_transaction_read_only = on");
  auto settings = settings_for({"main"});
  settings.url += "&target_session_attrs=read-write&options=-c%20statement_timeout%3D7s";
  settings.retry.give_up_after = std::chrono::seconds{1};
  const auto store = store::make_database(settings, log_);
  const auto opened = run(store->open_account({"main", "scope-1", "asked"}));
  EXPECT_TRUE(opened.has_value()) << opened.error().what;
}

TEST_F(health, who_may_not_read_the_schema_learns_whose_it_is) {
  execute("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  auto settings = settings_for({"main"});
  settings.url = shared_cluster().connection_url(database_, "stranger");
  const auto steps = run(store::make_database(settings, log_)->migration_status());
  ASSERT_TRUE(steps.has_error());
  EXPECT_NE(steps.error().what.find("belongs to role ordersync"), std::string::npos) << steps.error().what;
}

TEST_F(health, a_role_that_is_set_to_read_only_is_no_standby) {
  execute("ALTER ROLE ordersync IN DATABASE " + database_ + " SET default_transaction_read_only = on");
  EXPECT_FALSE(look().state.replay_lag) << "sessions override it";
}

TEST_F(health, names_tables_in_which_a_right_is_missing) {
  EXPECT_TRUE(look().state.locked.empty());
  execute("REVOKE INSERT ON ordersync.orders FROM ordersync; REVOKE UPDATE ON ordersync.sweeps FROM ordersync");
  EXPECT_EQ(look().state.locked, (std::vector<std::string>{"ordersync.orders", "ordersync.sweeps"}));
}

TEST_F(health, a_role_that_only_reads_is_no_writer_that_lacks_rights) {
  EXPECT_TRUE(look().state.writer);
  execute("REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ordersync FROM ordersync");
  EXPECT_FALSE(look().state.writer);
  EXPECT_FALSE(look().state.locked.empty());
}

TEST_F(health, status_sees_that_the_collation_has_changed) {
  EXPECT_FALSE(run(store_->status())->server.collation);
  const auto version = std::stoi(value("SELECT current_setting('server_version_num')"));
  if (version < 150'000) GTEST_SKIP() << "the server of 14 keeps no version";
  // The locale of the cluster, C, has no version.
  execute("UPDATE pg_database SET datlocprovider = 'i', datcollversion = '1.0', " +
          std::string{version < 170'000 ? "daticulocale" : "datlocale"} + " = 'en' WHERE datname = '" + database_ +
          "'");
  const auto seen = run(store_->status())->server.collation;
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->substr(0, 8), "1.0, now");
}

TEST_F(health, names_large_tables_without_statistics) {
  EXPECT_TRUE(look().unanalyzed.empty());
  execute("ALTER TABLE ordersync.schema_drift SET (autovacuum_enabled = off)");
  execute(
      "CREATE TABLE ordersync.large WITH (autovacuum_enabled = off) AS SELECT repeat('x', 1900) AS x FROM "
      "generate_series(1, 3000); ALTER TABLE ordersync.large OWNER TO ordersync");
  EXPECT_EQ(look().unanalyzed, std::vector<std::string>{"ordersync.large"});
  execute("ANALYZE ordersync.large");
  EXPECT_TRUE(look().unanalyzed.empty());
}

TEST_F(health, timing_commits_leaves_nothing_behind) {
  const auto things = "SELECT count(*) || ' ' || (SELECT count(*) FROM pg_attribute) FROM pg_class";
  const auto before = value(things);
  const auto versions = row_versions();
  const auto times = run(store_->time_commits(5));
  ASSERT_TRUE(times.has_value()) << times.error().what;
  ASSERT_EQ(times->size(), 5U);
  for (const auto& time : *times) EXPECT_GT(time.count(), 0);
  EXPECT_EQ(value(things), before);
  EXPECT_EQ(row_versions(), versions);
}

TEST_F(health, trying_for_room_leaves_nothing_behind) {
  const auto things = "SELECT count(*) || ' ' || (SELECT count(*) FROM pg_attribute) FROM pg_class";
  const auto before = value(things);
  const auto tried = run(store_->try_room());
  ASSERT_TRUE(tried.has_value()) << tried.error().what;
  EXPECT_EQ(value(things), before);
}

TEST_F(health, room_that_may_not_be_used_is_none) {
  execute("REVOKE TEMPORARY ON DATABASE " + database_ + " FROM PUBLIC");
  execute("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  auto settings = settings_for({"main"});
  settings.url = shared_cluster().connection_url(database_, "stranger");
  EXPECT_TRUE(run(store::make_database(settings, log_)->try_room()).has_error());
}

TEST_F(health, counts_orders_that_a_live_read_of_their_second_did_not_show) {
  EXPECT_EQ(run(store_->listing())->orders, 0);
  open("main");
  store_orders({sample_order(1), sample_order(2)});
  execute(
      "UPDATE ordersync.orders SET created_at = date_trunc('second', now()) - interval '10 min', "
      "_first_seen_at = date_trunc('second', now()) - interval '10 min' + interval '9 s' * id");
  // Read when the first had been seen and the second not yet.
  execute(
      "INSERT INTO ordersync.sweeps (account, scope, range, proven, kind, outcome, reason, orders_seen, created, "
      "changed, unchanged, outdated, quarantined, pages, attempts, started_at, finished_at) SELECT 'main', 's', r, r, "
      "'live', 'proven', '', 0, 0, 0, 0, 0, 0, 1, 1, lower(r), lower(r) + interval '15 s' FROM (SELECT "
      "tstzrange(now() - interval '11 min', now() - interval '9 min 50 s')) w(r)");
  execute(
      "UPDATE ordersync.sweeps SET finished_at = (SELECT min(created_at) FROM ordersync.orders) + interval '12 s' "
      "WHERE scope = 's'");
  const auto seen = run(store_->listing());
  ASSERT_TRUE(seen.has_value()) << seen.error().what;
  EXPECT_EQ(seen->orders, 2);
  EXPECT_EQ(seen->late, 1) << "that of 18 s";
  EXPECT_EQ(seen->lag, std::chrono::seconds{18});
}

}  // namespace
}  // namespace ordersync::store_test
