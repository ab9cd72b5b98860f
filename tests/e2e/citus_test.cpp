// The mirror in a Citus cluster, a coordinator and two workers, with real programs: every command, the views as their
// readers ask them, and a worker that goes away. Skipped where the extension is not installed.

#include "e2e/citus_stage.hpp"
#include "e2e/scrape.hpp"
#include "e2e/truth.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <unistd.h>
#include <vector>

namespace ordersync::e2e {
namespace {

using ::testing::HasSubstr;

TEST_F(citus, orders_are_spread_by_their_id_and_the_rest_stays_on_the_coordinator) {
  start("1");
  distribute();
  EXPECT_EQ(on.query("SELECT string_agg(table_name::text, ' ' ORDER BY table_name::text) FROM citus_tables"),
            "ordersync.detail_queue ordersync.erased_orders ordersync.order_cargo ordersync.order_contacts "
            "ordersync.order_detail_history "
            "ordersync.order_detail_payloads ordersync.order_details ordersync.order_history ordersync.order_items "
            "ordersync.order_payments ordersync.order_receivers ordersync.order_refund_payloads "
            "ordersync.order_refunds ordersync.order_shipments "
            "ordersync.order_warehouse_addresses ordersync.orders ordersync.stored_payloads");
  EXPECT_EQ(on.query("SELECT count(DISTINCT colocation_id) FROM citus_tables"), "1");
  EXPECT_THAT(expect(0, {"migrate", "--distribute"}),
              HasSubstr("nothing to distribute: 2 nodes hold the orders already"));
  EXPECT_EQ(on.query("SELECT ordersync.is_distributed()"), "t");
}

TEST_F(citus, the_setting_alone_is_enough_for_migrate_and_without_it_the_daemon_says_what_to_do) {
  start("1");
  on.migrate();
  on.use_database(shared_citus_cluster().coordinator().connection_url(database_) + "\n  distributed: true",
                  shared_citus_cluster().coordinator().superuser_url(database_));
  on.configure();
  auto daemon = on.start({"run"});
  EXPECT_TRUE(daemon.wait_for_stderr("the orders are not distributed: run ordersync migrate")) << daemon.err();
  EXPECT_THAT(expect(0, {"migrate"}), HasSubstr("distributed by order over 2 nodes"));
  on.wait_until(may_is_proven);  // the daemon goes on by itself
}

TEST_F(citus, a_cluster_without_workers_and_a_worker_say_what_to_do) {
  use(shared_citus_cluster().create_database_without_workers());
  start("1");
  auto refused = on.run({"migrate", "--distribute"});
  EXPECT_EQ(refused.status.code, 5);
  EXPECT_THAT(refused.err, HasSubstr("has no node for orders"));

  const auto name = shared_citus_cluster().create_database();
  auto& worker = shared_citus_cluster().first_worker();
  on.use_database(worker.connection_url(name), worker.superuser_url(name));
  on.configure();
  refused = on.run({"migrate", "--distribute"});
  EXPECT_EQ(refused.status.code, 5);
  EXPECT_THAT(refused.err, HasSubstr("database.url must name the coordinator"));
}

TEST_F(citus, new_and_changed_orders_equal_the_truth) {
  mirror("2000");
  EXPECT_EQ(on.query("SELECT " + may_is_proven), "t");
  for (int round = 0; round < 3; ++round) {
    on.post("/_mutate?n=300", "");
    read_again();
    EXPECT_EQ(differences_of_distributed(on), "");
  }
  EXPECT_NE(on.query("SELECT count(*) FROM ordersync.orders WHERE _version > 1"), "0");
  EXPECT_EQ(
      on.query(
          "SELECT count(*) FROM ordersync.orders o JOIN (SELECT order_key AS id, max(version) AS version, count(*) "
          "AS states, count(*) FILTER (WHERE valid_to IS NULL) AS present FROM reporting.order_versions "
          "GROUP BY order_key) h ON h.id = o.id "
          "WHERE h.version = o._version AND h.states = o._version AND h.present = 1"),
      "2000");
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.order_history WHERE valid_to IS NULL"), "0");
}

// As an older version left it.
TEST_F(citus, the_history_of_an_older_version_is_converted) {
  mirror("500");
  on.post("/_mutate?n=100", "");
  read_again();
  const std::string versions =
      "SELECT count(*) || ' ' || sum(version) || ' ' || sum(length(changed::text)) FROM reporting.order_versions";
  const auto before = on.query(versions);
  on.query(
      "CREATE TEMPORARY TABLE old AS SELECT order_key AS id, version, valid_from, account, vanished, changed "
      "FROM reporting.order_versions WHERE valid_to IS NULL; "
      "INSERT INTO ordersync.order_history (order_id, version, valid_from, account, vanished, changed, state) "
      "SELECT id, version, valid_from, account, vanished, changed, '{}' FROM old; "
      "UPDATE ordersync.orders SET _changed = NULL; "
      "INSERT INTO ordersync.history_conversion (position, orders) VALUES (0, 0)");
  EXPECT_EQ(on.query(versions), before);
  EXPECT_THAT(expect(0, {"migrate"}), HasSubstr("history: 500 orders converted"));
  EXPECT_EQ(on.query(versions), before);
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.order_history WHERE valid_to IS NULL"), "0");
}

TEST_F(citus, a_mirror_of_one_machine_is_distributed_with_all_that_it_holds) {
  start("1500");
  on.migrate();
  on.run({"sync"});
  ASSERT_EQ(differences_from_truth(on), "");
  distribute();
  EXPECT_EQ(differences_of_distributed(on), "");
  // Nothing is left behind in the tables' own files, where erasing would not find it.
  EXPECT_EQ(on.query("SELECT sum(pg_relation_size(logicalrelid)) FROM pg_dist_partition"), "0");
  on.post("/_mutate?n=200", "");
  read_again();
  EXPECT_EQ(differences_of_distributed(on), "");
}

TEST_F(citus, every_command_answers) {
  mirror("1000");
  on.post("/_mutate?n=100", "");
  read_again();
  EXPECT_THAT(expect(6, {"status"}), HasSubstr("1000 orders"));
  expect(6, {"status", "--json"});
  expect(0, {"coverage", "--from", "2024-05-01", "--to", "2024-06-01"});
  EXPECT_THAT(expect(0, {"verify", "--from", "2024-05-01", "--to", "2024-06-01"}), HasSubstr(" 0 differ"));
  expect(6, {"quarantine", "list"});
  expect(6, {"quarantine", "list", "--each"});
  const auto path = on.query("SELECT min(kind_path) FROM ordersync.quarantine");
  expect(0, {"quarantine", "accept", "--path", path, "--reason", "known"});
  expect(0, {"quarantine", "list", "--accepted"});
  expect(0, {"quarantine", "accept", "--path", path, "--undo"});
  expect(6, {"quarantine", "retry"});
  expect(0, {"replay"});
  expect(0, {"backfill", "list"});
  const auto number = on.query("SELECT order_no FROM ordersync.orders WHERE _version > 1 LIMIT 1");
  EXPECT_THAT(expect(0, {"order", "show", number}), HasSubstr(number));
  expect(0, {"order", "show", number, "--personal", "--json"});
  expect(0, {"order", "refresh", number});
  const auto doctor = on.run({"doctor"});
  EXPECT_THAT(doctor.out, ::testing::Not(HasSubstr("SQLSTATE"))) << doctor.err;
  EXPECT_EQ(differences_of_distributed(on), "");
}

TEST_F(citus, what_is_erased_stays_away) {
  mirror("600");
  const auto number = on.query("SELECT mobile FROM ordersync.order_receivers WHERE mobile ~ '^1[0-9]{10}$' LIMIT 1");
  const auto owner = on.query("SELECT order_id FROM ordersync.order_receivers WHERE mobile = '" + number + "' LIMIT 1");
  EXPECT_THAT(expect(0, {"erase", "--mobile", number}), HasSubstr("erased from "));
  const auto other = on.query("SELECT min(order_id) FROM ordersync.order_receivers");
  expect(0, {"erase", "--order", other});
  on.post("/_mutate?n=500", "");
  read_again();
  for (const auto* table : {"order_receivers", "order_warehouse_addresses", "order_payloads"})
    EXPECT_EQ(
        on.query(fmt::format("SELECT count(*) FROM ordersync.{} WHERE order_id IN ({}, {})", table, owner, other)),
        "0");
  on.configure({.top = "log: {level: warning}\nretention: {payloads: 400d}\n"});
  EXPECT_THAT(expect(0, {"retention", "--dry-run"}), HasSubstr("would erase from "));
  expect(0, {"retention"});
  EXPECT_EQ(count("ordersync.order_payloads"), "0");
  EXPECT_NE(count("ordersync.order_receivers"), "0");
  on.configure({.top = "log: {level: warning}\nretention: {personal_data: 400d}\n"});
  expect(0, {"retention", "--dry-run"});
  expect(0, {"retention"});
  EXPECT_EQ(count("ordersync.order_receivers"), "0");
  EXPECT_EQ(count("ordersync.orders"), "600");
}

TEST_F(citus, readers_see_every_view_and_no_personal_data) {
  mirror("800");
  make_readers();
  on.post("/_mutate?n=100", "");
  read_again();
  const auto views =
      on.query("SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'reporting'::regnamespace");
  std::size_t at = 0;
  while (at < views.size()) {
    const auto end = std::min(views.find('\n', at), views.size());
    const auto view = views.substr(at, end - at);
    at = end + 1;
    EXPECT_NO_THROW(ask_as("analyst", "SELECT * FROM reporting." + view)) << view;
    EXPECT_NO_THROW(ask_as("analyst", "SELECT count(*) FROM reporting." + view)) << view;
  }
  EXPECT_EQ(ask_as("analyst", "SELECT count(*) FROM reporting.orders"), "800");
  EXPECT_EQ(ask_as("analyst", "SELECT count(*) FROM reporting.orders_at(now())"), "800");
  EXPECT_EQ(ask_as("analyst", "SELECT count(*) FROM reporting.orders_at('2024-01-01')"), "0");
  EXPECT_EQ(ask_as("analyst", "SELECT count(*) FROM reporting.changes(0)"),
            on.query("SELECT sum(_version) FROM ordersync.orders"));
  EXPECT_EQ(ask_as("analyst", "SELECT count(*) FROM reporting.changes(100, 50)"), "50");
  const auto id = on.query("SELECT min(id) FROM ordersync.orders");
  EXPECT_EQ(ask_as("analyst", "SELECT id FROM reporting.orders_at(now()) WHERE id = '" + id + "'"), id);
  for (const auto* table : {"order_receivers", "order_warehouse_addresses", "order_payloads"}) {
    EXPECT_ANY_THROW(ask_as("analyst", fmt::format("SELECT * FROM ordersync.{}", table))) << table;
  }
  EXPECT_NO_THROW(ask_as("auditor", "SELECT * FROM ordersync.order_receivers"));
  EXPECT_ANY_THROW(ask_as("auditor", "SELECT * FROM ordersync.order_payloads"));
}

TEST_F(citus, a_change_of_zone_makes_the_index_of_days_anew) {
  mirror("100");
  const std::string days = "SELECT string_agg(DISTINCT created_day::text, ' ') FROM reporting.orders";
  const auto before = on.query(days);
  on.configure({.api = "  time_zone: \"-11:00\"\n"});
  expect(0, {"migrate"});
  EXPECT_NE(on.query(days), before);
  EXPECT_EQ(on.query("SELECT count(*) FROM pg_class WHERE relname = 'orders_api_day'"), "1");
}

TEST_F(citus, a_later_step_gives_orders_another_table) {
  mirror("100");
  on.query_file(on.directory().write(
      "step.sql",
      "SET ROLE ordersync;\nBEGIN;\nCREATE TABLE ordersync.order_notes (order_id bigint PRIMARY KEY, note text);\n"
      "SELECT ordersync.belongs_to_orders('ordersync.order_notes');\n"
      "ALTER TABLE ordersync.orders ADD COLUMN later text;\nCREATE INDEX later ON ordersync.orders (later);\n"
      "DROP INDEX ordersync.later;\nCOMMIT;\n"));
  on.query("INSERT INTO ordersync.order_notes SELECT id, 'x' FROM ordersync.orders");
  EXPECT_EQ(count("ordersync.order_notes"), "100");
  on.query("DELETE FROM ordersync.orders WHERE id = (SELECT min(id) FROM ordersync.orders)");
  EXPECT_EQ(count("ordersync.order_notes"), "99");
  // No trigger counts it there.
  EXPECT_THAT(expect(6, {"status"}), HasSubstr("100 orders"));
  EXPECT_THAT(expect(6, {"verify", "--from", "2024-05-01", "--to", "2024-06-01"}), HasSubstr("-1 orders"));
  EXPECT_THAT(expect(6, {"status"}), HasSubstr("99 orders"));
  EXPECT_THAT(expect(0, {"migrate"}), HasSubstr("nothing to apply"));
}

TEST_F(citus, the_daemon_goes_on_when_a_worker_was_away) {
  start("1500", {"--open", "20", "--mutate-open"});
  on.configure(
      {.sync = "  rate: 200\n  live: {every: 1s, settle: 1s, overlap: 5s}\n  recheck: {younger_than: 3650d, every: "
               "5s, share: 0.5}\n"});
  distribute();
  auto daemon = on.start({"run"});
  on.wait_until("EXISTS (SELECT FROM ordersync.sweeps WHERE created > 0)");
  shared_citus_cluster().second_worker().stop_immediately();
  on.post("/_mutate?n=100", "");
  shared_citus_cluster().second_worker().start();
  on.wait_until(may_is_proven);
  on.post("/_mutate?n=100", "");
  EXPECT_TRUE(poll_until([&] { return differences_of_distributed(on).empty(); }))
      << differences_of_distributed(on) << daemon.err();
  on.wait_until("EXISTS (SELECT FROM ordersync.count_checks WHERE state = 'on')");
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait().value().code, 0) << daemon.err();
  EXPECT_EQ(daemon.err().find("SQLSTATE 0A000"), std::string::npos) << daemon.err();
}

TEST_F(citus, orders_vanish_and_return_and_messages_name_them) {
  const auto pid = static_cast<unsigned>(getpid());
  const auto address = fmt::format("127.{}.{}.{}:9188", 1 + (pid >> 16) % 200, (pid >> 8) % 256, pid % 256);
  start("400", {"--open", "30", "--mutate-open", "--push", "http://" + address + "/push", "--push-retry", "2s",
                "--push-tries", "1000"});
  on.configure({.sync = "  rate: 500\n  live: {every: 1s, settle: 1s, overlap: 5s}\n"
                        "  revisit: [{younger_than: 3650d, every: 4s}]\n",
                .top = fmt::format("push: {{listen: \"{}\"}}\nlog: {{level: info}}\n", address)});
  distribute();
  auto daemon = on.start({"run"});
  on.wait_until(may_is_proven);
  const auto ids = on.query(
      "SELECT string_agg(id::text, ' ') FROM (SELECT id FROM ordersync.orders WHERE tb_order_id ~ '^[0-9]+$' "
      "AND created_at IS NOT NULL AND tb_created_at IS NOT NULL ORDER BY id % 97, id LIMIT 5) t");
  on.post("/_vanish", ids);
  on.wait_until("(SELECT count(*) FROM ordersync.orders WHERE _vanished_at IS NOT NULL) = 5");
  EXPECT_EQ(on.query("SELECT count(*) FROM reporting.orders_at(now()) WHERE vanished"), "5");
  on.post("/_return", ids);
  on.wait_until("(SELECT count(*) FROM ordersync.orders WHERE _vanished_at IS NOT NULL) = 0");
  on.post("/_mutate?n=30", "");
  on.wait_until("EXISTS (SELECT FROM ordersync.push_messages WHERE found_id IS NOT NULL)");
  EXPECT_TRUE(poll_until([&] { return differences_of_distributed(on).empty(); })) << daemon.err();
  expect_well(on.run({"status"}));
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait().value().code, 0);
  EXPECT_THAT(daemon.err(), ::testing::Not(HasSubstr("SQLSTATE")));
}

TEST_F(citus, a_dump_is_restored_on_one_machine_and_distributed_again) {
  mirror("500");
  const auto dump = on.file("mirror.dump").string();
  const auto program = [](const char* name) { return test_support::postgres_cluster::program(name).string(); };
  const auto dumped = test_support::run_process(
      {.argv = {program("pg_dump"), "--schema=ordersync", "--schema=reporting", "--format=custom", "--file=" + dump,
                shared_citus_cluster().coordinator().superuser_url(database_)}});
  ASSERT_EQ(dumped.status.code, 0) << dumped.err;
  use(shared_citus_cluster().create_database());
  const auto restored = test_support::run_process(
      {.argv = {program("pg_restore"), "--exit-on-error",
                "--dbname=" + shared_citus_cluster().coordinator().superuser_url(database_), dump}});
  ASSERT_EQ(restored.status.code, 0) << restored.err;
  on.configure();
  EXPECT_EQ(differences_from_truth(on), "");
  distribute();
  EXPECT_EQ(differences_of_distributed(on), "");
  on.post("/_mutate?n=50", "");
  read_again();
  EXPECT_EQ(differences_of_distributed(on), "");
}

}  // namespace
}  // namespace ordersync::e2e
