// The status page of a real daemon, in a real browser: the checks themselves are the scripts beside this file.

#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <optional>

namespace ordersync::e2e {
namespace {

using namespace std::chrono_literals;
using ::testing::Test;

const std::string quick = "  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 5s}\n";
// A canary as well: no page may ever show it.
const std::string token = "canary-admin-token-0123456789";

struct page : Test {
  stage on;
  std::string address;

  page() { on.start_simulator({"--seed", "5", "--orders", "1500", "--from", "2024-05-01", "--to", "2024-06-01"}); }

  void configure(const std::string& sync, const std::string& service = "listen: 127.0.0.1:0") {
    on.configure({.sync = sync, .top = "log: {level: info}\n", .service = service});
  }
  std::string with_token() {
    return "listen: 127.0.0.1:0, admin_token_file: " + on.directory().write("admin-token", token).string();
  }

  // Leads, and serves at `address`.
  child_process lead() {
    auto process = on.start({"run"});
    const auto line = process.wait_for_stderr("endpoint_listening");
    EXPECT_TRUE(line && process.wait_for_stderr("leading ")) << process.err();
    if (line) address = line->substr(line->find("127.0.0.1:"));
    address = address.substr(0, address.find_first_of(" \""));
    return process;
  }

  child_process start_checks(const std::string& script) {
    const auto database = on.superuser_url();
    return child_process({.argv = {"node", stage::source("tests/page/" + script).string()},
                          .env = {{"NODE_PATH", (stage::ordersync().parent_path() / "browser/node_modules").string()},
                                  {"TEST_PAGE", "http://" + address},
                                  {"TEST_PSQL", test_support::postgres_cluster::program("psql").string()},
                                  {"TEST_DATABASE", database},
                                  {"TEST_SIMULATOR", on.simulator_url()},
                                  {"TEST_CA", on.certificates().ca_file().string()},
                                  {"TEST_CHROMIUM", "/usr/bin/chromium"},
                                  {"TEST_TOKEN", token},
                                  {"HOME", on.directory().path().string()}}});
  }
  void expect_good(child_process& checks) {
    const auto ended = checks.wait(5min);
    ASSERT_TRUE(ended.has_value()) << checks.out() << checks.err();
    EXPECT_EQ(ended->code, 0) << checks.out() << checks.err();
  }
  void check(const std::string& script) {
    auto checks = start_checks(script);
    expect_good(checks);
  }

  void wait_until_complete() {
    on.wait_until(
        "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '15 s'))");
  }
  // Takes the proof of three ranges away, older than what is ever read again by itself, as if they had failed.
  void make_gaps() {
    on.query(
        "UPDATE ordersync.coverage SET proven = proven - "
        "tstzmultirange(tstzrange('2024-05-12 14:00+08', '2024-05-12 16:30+08'), "
        "tstzrange('2025-03-03 10:00+08', '2025-03-03 11:00+08'), tstzrange('2025-08-09+08', '2025-08-11+08'))");
    on.query(
        "INSERT INTO ordersync.sweeps (account, scope, range, kind, outcome, reason, orders_seen, created, changed, "
        "unchanged, outdated, quarantined, pages, attempts, started_at, finished_at) "
        "SELECT account, scope, range, 'backfill', outcome, reason, 0, 0, 0, 0, 0, 0, 1, 1, now(), now() FROM "
        "ordersync.coverage, (VALUES "
        "(tstzrange('2024-05-12 14:00+08', '2024-05-12 16:30+08'), 'failed', 'no answer within 30 s'), "
        "(tstzrange('2025-03-03 10:00+08', '2025-03-03 11:00+08'), 'unproven', 'the API counts 212 orders but returned "
        "211')) "
        "AS gap (range, outcome, reason)");
  }
};

TEST_F(page, shows_what_the_database_holds) {
  configure(quick);
  auto process = lead();
  wait_until_complete();
  make_gaps();
  check("shows.js");
}

TEST_F(page, orders_backfills_for_who_has_the_token_and_for_nobody_else) {
  configure(quick);
  on.migrate();
  ASSERT_NE(on.run({"sync"}).status.code, 5);
  // Slow enough to be caught at work.
  configure(
      "  rate: 10\n  max_window_orders: 50\n  live: {every: 1d, settle: 1s, overlap: 5s}\n  revisit: []\n  recheck: "
      "{share: 0}\n",
      with_token());
  auto process = lead();
  check("orders.js");
  EXPECT_EQ(process.err().find(token), std::string::npos);
}

TEST_F(page, finds_orders_and_reads_them_again) {
  // So that nobody else reads the changed orders.
  configure("  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 5s}\n  revisit: []\n  audit: 0\n", with_token());
  auto process = lead();
  wait_until_complete();
  check("find.js");
  EXPECT_EQ(process.err().find(token), std::string::npos);
}

TEST_F(page, is_for_everybody) {
  configure(quick);
  auto process = lead();
  wait_until_complete();
  check("looks.js");
}

TEST_F(page, says_when_the_daemon_is_gone) {
  configure(quick);
  std::optional<child_process> process{lead()};
  wait_until_complete();
  auto checks = start_checks("lost.js");
  ASSERT_TRUE(checks.wait_for_stdout("end")) << checks.out() << checks.err();
  process->signal(SIGKILL);
  ASSERT_TRUE(process->wait().has_value());
  ASSERT_TRUE(checks.wait_for_stdout("start")) << checks.out() << checks.err();
  configure(quick, "listen: " + address);
  process.emplace(lead());
  expect_good(checks);
}

}  // namespace
}  // namespace ordersync::e2e
