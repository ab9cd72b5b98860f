// What a person sees: every verb of the command line, its output, its exit code.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"
#include "support/postgres_cluster.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <sstream>

namespace ordersync::e2e {
namespace {

using ::testing::Test;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct commands : Test {
  stage on;
  void set_up(std::vector<std::string> arguments = {"--orders", "300", "--from", "2024-05-01", "--to", "2024-06-01",
                                                    "--oddities", "0"}) {
    on.start_simulator(std::move(arguments));
    on.configure();
    on.migrate();
  }
};

TEST_F(commands, migrate_can_be_run_again_and_shows_its_status) {
  set_up();
  EXPECT_TRUE(contains(on.run({"migrate"}).out, "current"));
  const auto status = on.run({"migrate", "--status", "--json"});
  EXPECT_EQ(status.status.code, 0);
  EXPECT_TRUE(contains(status.out, R"("name":"mirror")")) << status.out;
  EXPECT_FALSE(contains(status.out, R"("applied_at":null)")) << status.out;
}

// Beside a daemon of this version; the history is as an older one left it.
TEST_F(commands, migrate_converts_the_history_and_goes_on_where_it_was_interrupted) {
  set_up();
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  const std::string versions = "SELECT count(*) || ' ' || sum(hashtext(v::text)) FROM reporting.order_versions AS v";
  const auto before = on.query(versions);
  const auto orders = on.query("SELECT count(*) FROM ordersync.orders");
  on.query(
      "INSERT INTO ordersync.order_history (order_id, version, valid_from, account, changed, state) "
      "SELECT order_key, version, valid_from, account, changed, '{}' FROM reporting.order_versions; "
      "INSERT INTO ordersync.history_conversion (position, orders) VALUES (0, 0)");
  child_process lock({.argv = {test_support::postgres_cluster::program("psql").string(), "-X", "-d", on.superuser_url(),
                               "-c", "BEGIN; SELECT FROM ordersync.order_history FOR UPDATE; SELECT pg_sleep(600)"}});
  on.wait_until(
      "EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'BEGIN; SELECT FROM ordersync.order_history FOR UPDATE%' "
      "AND wait_event = 'PgSleep')");
  auto migrating = on.start({"migrate"});
  on.wait_until(
      "EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'ordersync' AND datname = current_database() "
      "AND wait_event_type = 'Lock')");
  migrating.signal(SIGINT);
  on.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; SELECT FROM "
      "ordersync.order_history%'");
  EXPECT_EQ(migrating.wait().value().code, 6) << migrating.err();
  EXPECT_TRUE(contains(migrating.err(), "interrupted after " + orders + " orders")) << migrating.err();
  EXPECT_EQ(on.query(versions), before);
  const auto finished = on.run({"migrate"});
  EXPECT_EQ(finished.status.code, 0);
  EXPECT_TRUE(contains(finished.out, "history: " + orders + " orders converted; VACUUM FULL")) << finished.out;
  EXPECT_EQ(on.query(versions), before);
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.order_history"), "0");
  EXPECT_FALSE(contains(on.run({"migrate"}).out, "history")) << "a third time there is nothing left to say";
}

TEST_F(commands, status_and_coverage_show_a_complete_mirror) {
  set_up();
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  const auto status = on.run({"status"});
  EXPECT_EQ(status.status.code, 0) << status.err;
  EXPECT_TRUE(status.out.starts_with("Complete and current, with warnings: ")) << status.out;
  EXPECT_TRUE(contains(status.out, "no gaps; last success")) << status.out;
  EXPECT_TRUE(contains(on.run({"status", "--json"}).out, R"("complete":true)"));
  const auto coverage = on.run({"coverage", "--from", "2024-05-01", "--to", "2024-06-01"});
  EXPECT_EQ(coverage.status.code, 0);
  EXPECT_TRUE(contains(coverage.out, "proven  2024-05-01T00:00:00+08:00  2024-06-01T00:00:00+08:00")) << coverage.out;
}

TEST_F(commands, who_only_looks_needs_no_secret_of_an_account) {
  set_up();
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  std::filesystem::remove(on.file("access-secret"));
  EXPECT_EQ(on.run({"status"}).status.code, 0);
  EXPECT_EQ(on.run({"coverage"}).status.code, 0);
  EXPECT_EQ(on.run({"backfill", "list"}).status.code, 0);
  EXPECT_EQ(on.run({"quarantine", "list"}).status.code, 0);
  EXPECT_EQ(on.run({"migrate", "--status"}).status.code, 0);
  const auto sync = on.run({"sync"});
  EXPECT_EQ(sync.status.code, 2);
  EXPECT_TRUE(contains(sync.err, "access_secret_file")) << sync.err;
}

TEST_F(commands, coverage_names_what_was_never_read_with_exit_code_6) {
  set_up();
  ASSERT_EQ(on.run({"backfill", "create", "--from", "2024-05-02", "--to", "2024-05-03", "--foreground"}).status.code,
            0);
  const auto coverage = on.run({"coverage", "--from", "2024-05-01", "--to", "2024-05-04"});
  EXPECT_EQ(coverage.status.code, 6);
  EXPECT_TRUE(contains(coverage.out, "gap     2024-05-01T00:00:00+08:00  2024-05-02T00:00:00+08:00")) << coverage.out;
  EXPECT_TRUE(contains(coverage.out, "never read"));
  const auto status = on.run({"status"});
  EXPECT_EQ(status.status.code, 6);
  EXPECT_TRUE(status.out.starts_with("Nothing is read: no daemon leads: ")) << status.out;
  EXPECT_LE(std::ranges::count(status.out, '\n'), 10) << status.out;
}

TEST_F(commands, a_gap_keeps_its_reason_until_it_is_closed) {
  // One order has an id that is none, always: its second stays a gap, and only that.
  set_up({"--orders", "300", "--from", "2024-05-01", "--to", "2024-05-02", "--oddities", "0", "--faults",
          on.directory().write("faults", "from 1 total +1\n").string()});
  const auto done = on.run({"backfill", "create", "--from", "2024-05-01", "--to", "2024-05-02", "--foreground"});
  EXPECT_EQ(done.status.code, 6) << done.err;
  EXPECT_EQ(on.query("select count(*) from ordersync.orders"), "300");  // stored all the same
  const auto coverage = on.run({"coverage", "--from", "2024-05-01", "--to", "2024-05-02"});
  EXPECT_TRUE(contains(coverage.out, "the API counts")) << coverage.out;
}

TEST_F(commands, an_unknown_account_is_a_mistake_for_coverage_too) {
  set_up();
  const auto done = on.run({"coverage", "--account", "nosuch"});
  EXPECT_EQ(done.status.code, 2);
  EXPECT_TRUE(contains(done.err, "no account 'nosuch'")) << done.err;
  const auto empty = on.run({"coverage", "--account", ""});
  EXPECT_EQ(empty.status.code, 2);
  EXPECT_TRUE(contains(empty.err, "--account: it is empty")) << empty.err;
}

TEST_F(commands, a_stdout_that_takes_nothing_is_exit_code_74_and_no_defect) {
  set_up();
  const auto with = [&](const std::string& words, const std::string& to) {
    return test_support::run_process({.argv = {"/bin/sh", "-c",
                                               "exec " + stage::ordersync().string() + " --config " +
                                                   on.file("ordersync.yaml").string() + " " + words + " " + to}});
  };
  for (const std::string to : {">/dev/full", ">&-"})
    for (const auto* words : {"--version", "--help", "config-reference", "check", "status", "status --json", "coverage",
                              "migrate --status", "backfill list", "quarantine list", "sync", "doctor"}) {
      const auto done = with(words, to);
      EXPECT_EQ(done.status.code, 74) << words << to << done.err;
      EXPECT_TRUE(contains(done.err, "ordersync: cannot write to stdout: ")) << words << done.err;
      EXPECT_FALSE(contains(done.err, "defect")) << words << done.err;
    }
}

TEST_F(commands, status_is_watched_until_a_signal_and_through_an_absence_of_the_database) {
  set_up();
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  auto watching = on.start({"status", "--watch", "1", "--json"});
  ASSERT_TRUE(watching.wait_for_stdout("\"verdict\"")) << watching.err();
  const auto allow = [&](const std::string& connections) {
    on.query("ALTER DATABASE " + on.database() + " CONNECTION LIMIT " + connections);
  };
  allow("0");
  on.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ordersync'");
  ASSERT_TRUE(watching.wait_for_stderr("ordersync: database")) << watching.err();
  allow("-1");
  const auto lines = std::ranges::count(watching.out(), '\n');
  EXPECT_TRUE(poll_until([&] { return std::ranges::count(watching.out(), '\n') > lines; })) << watching.err();
  watching.signal(SIGTERM);
  EXPECT_EQ(watching.wait().value().code, 0) << watching.err();
  for (const char* wrong : {"0", "1e400", "99999999999999999999999"}) {
    const auto refused = on.run({"status", "--watch", wrong});
    EXPECT_EQ(refused.status.code, 2) << wrong;
    EXPECT_TRUE(contains(refused.err, "it must be 1 to 86400")) << refused.err;
  }
}

TEST_F(commands, an_unknown_account_is_exit_code_2_wherever_one_is_named) {
  set_up();
  for (const std::vector<std::string>& verb : {std::vector<std::string>{"sync"},
                                               {"backfill", "create", "--from", "2024-05-01", "--to", "2024-05-02"},
                                               {"backfill", "list"},
                                               {"status"},
                                               {"coverage"},
                                               {"verify", "--from", "2024-05-01", "--to", "2024-05-02"},
                                               {"changes"},
                                               {"export", "orders", "--format", "csv"},
                                               {"quarantine", "list"}}) {
    auto words = verb;
    words.insert(words.end(), {"--account", "nosuch"});
    const auto done = on.run(words);
    EXPECT_EQ(done.status.code, 2) << verb.front();
    EXPECT_TRUE(contains(done.err, "no account 'nosuch'")) << done.err;
    EXPECT_TRUE(contains(done.err, "choose one of: main")) << done.err;
    EXPECT_TRUE(done.out.empty()) << done.out;
  }
}

TEST_F(commands, a_range_that_lies_in_the_future_or_before_its_beginning_is_exit_code_2) {
  set_up();
  const auto refuse = [&](const std::vector<std::string>& words, const std::string& why) {
    const auto done = on.run(words);
    EXPECT_EQ(done.status.code, 2) << words.front();
    EXPECT_TRUE(contains(done.err, "invalid range: " + why)) << words.front() << done.err;
    EXPECT_TRUE(done.out.empty()) << done.out;
  };
  refuse({"verify", "--from", "2998-01-01", "--to", "2999-01-01"}, "it lies in the future");
  refuse({"coverage", "--from", "9999-12"}, "it lies in the future");
  refuse({"coverage", "--from", "now"}, "it lies in the future");
  refuse({"coverage", "--to", "2000-01-01"}, "--to is not after sync.start");
  refuse({"replay", "--from", "2998-01-01"}, "it lies in the future");
  refuse({"export", "orders", "--format", "csv", "--from", "2998-01-01", "--to", "2999-01-01"},
         "it lies in the future");
  refuse({"export", "orders", "--format", "csv", "--to", "2000-01-01"}, "--to is not after sync.start");
}

TEST_F(commands, what_has_not_happened_yet_is_not_proven) {
  set_up();
  const auto done = on.run({"backfill", "create", "--from", "2024-05-01", "--to", "2999-01-01", "--foreground"});
  EXPECT_EQ(done.status.code, 6) << done.out << done.err;
  EXPECT_TRUE(contains(done.err, "the range ends in the future")) << done.err;
}

TEST_F(commands, a_mistake_on_the_command_line_is_exit_code_2) {
  set_up();
  for (const std::vector<std::string>& verb :
       {std::vector<std::string>{},
        {"sinc"},
        {"backfill", "create", "--from", "2024-05-01", "--foreground"},
        {"backfill", "create", "--from", "yesterday", "--to", "2024-05-02", "--foreground"},
        {"backfill", "create", "--from", "2024-05-02", "--to", "2024-05-01", "--foreground"},
        {"backfill", "create", "--from", "2024-05-01", "--to", "2024-05-02", "--account", "nobody", "--foreground"}}) {
    const auto done = on.run(verb);
    EXPECT_EQ(done.status.code, 2) << (verb.empty() ? "" : verb.back());
    EXPECT_FALSE(done.err.empty());
  }
}

TEST_F(commands, check_reports_every_problem_at_once_with_its_place) {
  set_up();
  EXPECT_EQ(on.run({"check"}).status.code, 0);
  on.directory().write("ordersync.yaml", "api:\n  bse_url: https://127.0.0.1\nsync:\n  page_size: many\n");
  const auto done = on.run({"check"});
  EXPECT_EQ(done.status.code, 2);
  EXPECT_TRUE(contains(done.err, "ordersync.yaml:2:3:")) << done.err;
  EXPECT_TRUE(contains(done.err, "base_url")) << done.err;
  EXPECT_TRUE(contains(done.err, "ordersync.yaml:4:14:")) << done.err;
}

TEST_F(commands, help_names_the_whole_command) {
  for (const std::vector<std::string>& verb : {std::vector<std::string>{}, {"status"}, {"alerts", "test"}}) {
    auto words = verb;
    words.insert(words.begin(), {stage::ordersync().string(), "help"});
    std::string usage = "Usage: ordersync ";
    for (const auto& word : verb) usage += word + " ";
    const auto done = test_support::run_process({.argv = words});
    EXPECT_EQ(done.status.code, 0);
    EXPECT_TRUE(contains(done.out, usage + "[OPTIONS]")) << done.out;
  }
}

TEST_F(commands, config_reference_needs_no_configuration) {
  const auto done = test_support::run_process({.argv = {stage::ordersync().string(), "config-reference"}});
  EXPECT_EQ(done.status.code, 0);
  EXPECT_TRUE(contains(done.out, "max_window_orders"));
}

TEST_F(commands, another_filter_starts_its_own_proof_and_the_old_one_comes_back) {
  set_up();
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  const auto secret = on.file("access-secret").string();
  const auto filtered = std::string("  - name: main\n    access_key: ") + access_key +
                        "\n    access_secret_file: " + secret +
                        "\n    user_id: \"2100007341207\"\n    user_id_list: [\"2200000000001\"]\n";
  on.configure({.accounts = filtered});
  const auto coverage = [&] { return on.run({"coverage", "--from", "2024-05-01", "--to", "2024-06-01"}).status.code; };
  EXPECT_EQ(coverage(), 6);
  on.configure();
  EXPECT_EQ(coverage(), 0);  // looking at it with another configuration has changed nothing
  on.configure({.accounts = filtered});
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  EXPECT_EQ(coverage(), 0);
  on.configure();
  EXPECT_EQ(coverage(), 6);
  const auto calls =
      "select coalesce(sum(pages), 0) from ordersync.sweeps where range && tstzrange('2024-05-01+08', '2024-06-01+08')";
  const auto before = on.query(calls);
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  EXPECT_EQ(coverage(), 0);
  EXPECT_EQ(on.query(calls), before);  // the old proof is back, nothing was read again
}

TEST_F(commands, neither_secrets_nor_personal_data_are_in_any_log_at_trace_level) {
  set_up({"--orders", "300", "--from", "2024-05-01", "--to", "2024-06-01", "--oddities", "20", "--faults",
          on.directory()
              .write("faults",
                     "every 5 status 500\nevery 7 cut 2000\nevery 11 code 40001 mobile 13800138000\n"
                     "every 6 bad-id 3\n")
              .string()});
  on.configure({.top = "log: {level: trace}\n"});
  std::string logs;
  for (int i = 0; i < 3; ++i) {
    const auto done = on.run({"sync"});
    logs += done.err + done.out;
  }
  ASSERT_TRUE(contains(logs, "trace ")) << logs;
  EXPECT_FALSE(contains(logs, access_secret));
  EXPECT_FALSE(contains(logs, "13800138000"));
  const auto personal = on.query(
      "select full_name from ordersync.order_receivers union select mobile from ordersync.order_receivers"
      " union select address from ordersync.order_receivers union select full_name from "
      "ordersync.order_warehouse_addresses"
      " union select mobile from ordersync.order_warehouse_addresses");
  std::istringstream values(personal);
  int looked_for = 0;
  for (std::string value; std::getline(values, value);) {
    if (value.size() < 6) continue;
    ++looked_for;
    ASSERT_FALSE(contains(logs, value)) << value;
  }
  EXPECT_GT(looked_for, 100);
}

}  // namespace
}  // namespace ordersync::e2e
