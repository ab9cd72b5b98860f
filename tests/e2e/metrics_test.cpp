// What a daemon says of itself, against what its database says.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace ordersync::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Test;
using namespace std::chrono_literals;

const std::string quick = "  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 5s}\n";
// Little is read, so that numbers can be compared.
const std::string calm =
    "  rate: 1000\n  live: {every: 1d, settle: 1s, overlap: 5s}\n  revisit: []\n  recheck: {share: 0}\n";
const std::string complete =
    "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '20 s'))";

struct metrics : Test {
  stage on;

  void simulate(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--seed", "5", "--orders", "1500", "--from", "2024-05-01", "--to", "2024-06-01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    on.start_simulator(arguments);
  }
  child_process start(const std::string& sync) {
    on.configure({.sync = sync, .top = "log: {level: info}\n"});
    auto process = on.start({"run"});
    EXPECT_TRUE(process.wait_for_stderr("endpoint_listening")) << process.err();
    return process;
  }
  struct comparison {
    std::string family, with, sql;
  };
  static std::vector<comparison> comparisons() {
    std::vector<comparison> all{
        {"ordersync_orders_total", "result=\"created\"", "SELECT count(*) FROM ordersync.orders"},
        {"ordersync_quarantined_total", "", "SELECT sum(quarantined) FROM ordersync.sweeps"},
        {"ordersync_quarantine_open", "", "SELECT count(*) FROM ordersync.quarantine WHERE resolved_at IS NULL"},
        {"ordersync_quarantine_open_kinds", "",
         "SELECT count(DISTINCT (kind_path, kind_reason)) FROM ordersync.quarantine WHERE resolved_at IS NULL"},
        {"ordersync_commit_duration_seconds_count", "", "SELECT count(*) FROM ordersync.sweeps"},
        {"ordersync_complete_through_timestamp_seconds", "",
         "SELECT extract(epoch FROM upper(p)) FROM ordersync.coverage, unnest(proven) p "
         "WHERE lower(p) <= '2024-05-01+08' AND upper(p) > '2024-05-01+08'"},
        {"ordersync_leader_epoch", "", "SELECT epoch FROM ordersync.leader"}};
    for (const auto* result : {"created", "changed", "unchanged"})
      all.push_back({"ordersync_orders_total", fmt::format("result=\"{}\"", result),
                     fmt::format("SELECT sum({}) FROM ordersync.sweeps", result)});
    for (const auto* kind : {"live", "revisit", "backfill", "verify"})
      for (const auto* outcome : {"proven", "unproven", "partial", "split", "failed"})
        all.push_back(
            {"ordersync_windows_total", fmt::format("kind=\"{}\",outcome=\"{}\"", kind, outcome),
             fmt::format("SELECT count(*) FROM ordersync.sweeps WHERE kind = '{}' AND outcome = '{}'", kind, outcome)});
    return all;
  }
  // Which numbers are not what the database says, a line each.
  std::string differences(const std::string& address) {
    const auto all = comparisons();
    std::string sql;
    for (const auto& one : all) sql += fmt::format("{}(SELECT ({})::float8)", sql.empty() ? "SELECT " : ", ", one.sql);
    const auto text = get(address, "/metrics").body;
    std::istringstream stored{on.query(sql)};
    std::string lines;
    for (const auto& one : all) {
      std::string cell;
      std::getline(stored, cell, '|');
      const auto shown = value(text, one.family, one.with).value_or(0);
      if (shown != std::stod(cell)) lines += fmt::format("{} {}: {}, not {}\n", one.family, one.with, shown, cell);
    }
    return lines;
  }
  void wait_until_complete(child_process& process) {
    ASSERT_TRUE(process.wait_for_stderr("leading ")) << process.err();
    on.wait_until(complete);
  }
  // Until the path is answered so.
  static http_reply await(const std::string& address, const std::string& path, const std::string& status) {
    http_reply reply;
    poll_until([&] {
      reply = get(address, path);
      return reply.status == status;
    });
    EXPECT_EQ(reply.status, status) << path << '\n' << reply.body;
    return reply;
  }
};

TEST_F(metrics, are_what_the_database_says) {
  simulate();
  auto process = start(calm);
  wait_until_complete(process);
  on.run({"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", "--wait"});
  const auto address = endpoint_of(process);
  const auto reply = get(address, "/metrics");
  EXPECT_EQ(reply.status, "200");
  EXPECT_EQ(reply.type, "text/plain; version=0.0.4; charset=utf-8");
  // Another window may be stored between a look at the one and a look at the other; the count of open quarantine comes
  // every ten seconds.
  std::string differing;
  poll_until([&] {
    differing = differences(address);
    return differing.empty();
  });
  EXPECT_EQ(differing, "");
  const auto text = get(address, "/metrics").body;
  EXPECT_GT(value(text, "ordersync_orders_total", "result=\"unchanged\"").value_or(0), 0);
  EXPECT_GT(value(text, "ordersync_quarantine_open").value_or(0), 0);
  EXPECT_EQ(value(text, "ordersync_backfill_jobs"), 0);
  EXPECT_EQ(value(text, "ordersync_backfill_job_orders"), std::nullopt);  // it has ended
  EXPECT_EQ(value(text, "ordersync_build_info", "version=\"0."), 1);
  EXPECT_LT(value(text, "ordersync_last_success_age_seconds").value_or(1e9), 600);
}

TEST_F(metrics, are_clean_and_hold_nothing_that_is_secret_or_personal) {
  simulate({"--live", "5"});
  auto process = start(quick);
  wait_until_complete(process);
  const auto text = get(endpoint_of(process), "/metrics").body;
  const auto file = on.directory().write("metrics", text);
  const auto checked =
      test_support::run_process({.argv = {"/bin/sh", "-c", PROMTOOL " check metrics < " + file.string()}});
  EXPECT_EQ(checked.status.code, 0);
  EXPECT_EQ(checked.out + checked.err, "");
  EXPECT_THAT(text, AllOf(Not(HasSubstr(access_secret)), Not(HasSubstr(access_key))));
}

TEST_F(metrics, of_a_standby_leave_out_what_only_the_leader_knows) {
  simulate();
  auto leader = start(quick);
  ASSERT_TRUE(leader.wait_for_stderr("leading "));
  auto standby = start(quick);
  ASSERT_TRUE(standby.wait_for_stderr("standing_by"));
  const auto text = get(endpoint_of(standby), "/metrics").body;
  EXPECT_EQ(value(text, "ordersync_leader"), 0);
  EXPECT_EQ(value(text, "ordersync_database_up"), 1);
  for (const auto* family : {"ordersync_complete_through_timestamp_seconds", "ordersync_gaps", "ordersync_leader_epoch",
                             "ordersync_last_success_age_seconds", "ordersync_quarantine_open",
                             "ordersync_windows_total", "ordersync_api_requests_in_flight"})
    EXPECT_EQ(value(text, family), std::nullopt) << family;
  EXPECT_THAT(get(endpoint_of(standby), "/readyz").body, HasSubstr("this daemon stands by"));
  EXPECT_EQ(await(endpoint_of(leader), "/readyz", "200").status, "200");
  leader.signal(SIGKILL);
  ASSERT_TRUE(standby.wait_for_stderr("leading "));
  EXPECT_THAT(await(endpoint_of(standby), "/readyz", "200").body, HasSubstr("leader: ok: this daemon, in epoch 2"));
}

TEST_F(metrics, answer_while_postgresql_is_stopped_and_readyz_says_so) {
  test_support::postgres_cluster cluster;
  const auto database = cluster.create_database();
  on.use_database(cluster.connection_url(database), cluster.superuser_url(database));
  simulate();
  auto process = start(quick);
  wait_until_complete(process);
  const auto address = endpoint_of(process);
  await(address, "/readyz", "200");
  cluster.stop();
  const auto reply = await(address, "/readyz", "503");
  EXPECT_THAT(reply.body, AllOf(HasSubstr("database: failed: "), HasSubstr("check that PostgreSQL runs"),
                                Not(HasSubstr("account"))));
  const auto text = get(address, "/metrics").body;
  EXPECT_EQ(value(text, "ordersync_database_up"), 0);
  EXPECT_GT(value(text, "ordersync_log_events_total", "event=\"database_trouble\"").value_or(0), 0);
  EXPECT_GT(value(text, "ordersync_windows_total").value_or(0), 0);
  EXPECT_EQ(get(address, "/healthz").status, "200");
  cluster.start();
  EXPECT_THAT(await(address, "/readyz", "200").body, HasSubstr("account main: ok"));
}

TEST_F(metrics, and_the_status_show_what_the_api_allows_and_what_contradicts_the_proof) {
  on.start_simulator(
      {"--seed", "5", "--orders", "150", "--from", "2024-05-01", "--to", "2024-06-01", "--clamp-range", "7d"});
  auto process = start(quick);
  wait_until_complete(process);
  const auto address = endpoint_of(process);
  const auto text = get(address, "/metrics").body;
  const auto longest = value(text, "ordersync_api_limit", "limit=\"longest_range\"").value_or(0);
  EXPECT_GT(longest, 6 * 86'400);
  EXPECT_LE(longest, 7 * 86'400);
  EXPECT_EQ(value(text, "ordersync_api_trial_incomplete"), 0);
  EXPECT_EQ(value(text, "ordersync_contradictions_open"), 0);
  EXPECT_THAT(get(address, "/api/status").body, HasSubstr("\"limits\":[{\"name\":\"longest_range\""));
  EXPECT_THAT(on.run({"status"}).out, HasSubstr("limit: longest_range "));
  on.query(
      "INSERT INTO ordersync.contradictions (account, found_at, way, range, expected, found, reason, retracted) VALUES "
      "('main', now(), 'slice', '(,)', 12, 14, 'an audit: made for a test', '{[1990-01-01,1990-01-02)}')");
  std::string later;
  poll_until([&] {
    later = get(address, "/metrics").body;
    return value(later, "ordersync_contradictions_open").value_or(0) >= 1;
  });
  EXPECT_EQ(value(later, "ordersync_contradictions_open"), 1);
  const auto status = on.run({"status"});
  EXPECT_EQ(status.status.code, 6) << status.out;
  EXPECT_THAT(status.out, HasSubstr("Completeness in doubt: a proof turned out wrong: "));
  EXPECT_THAT(status.out, HasSubstr("by slice: 12 expected, 14 found: an audit: made for a test"));
  EXPECT_THAT(get(address, "/api/status").body, HasSubstr("\"headline\":\"Completeness in doubt"));
}

TEST_F(metrics, are_joined_by_the_page_that_says_when_answers_are_slow) {
  simulate({"--latency", "800ms"});
  on.configure({.api = "  request_timeout: 2s\n", .sync = quick, .top = "log: {level: info}\n"});
  auto process = on.start({"run"});
  ASSERT_TRUE(process.wait_for_stderr("leading ")) << process.err();
  const auto address = endpoint_of(process);
  // The simulator waits 0.8 s; what a busy machine adds to it counts, too.
  const std::regex slow(R"(main: replies take (0\.[89]|1\.[0-9]) s, and the timeout is 2 s)");
  std::string status;
  poll_until([&] {
    status = get(address, "/api/status").body;
    return std::regex_search(status, slow);
  });
  EXPECT_TRUE(std::regex_search(status, slow)) << status;
  EXPECT_TRUE(std::regex_search(status, std::regex(R"("answer_seconds":(8|9|1)[.0-9]*E)"))) << status;
}

TEST_F(metrics, show_an_api_that_refuses) {
  simulate();
  auto process = start(quick);
  wait_until_complete(process);
  const auto address = endpoint_of(process);
  on.post("/_secret", "another-secret");
  ASSERT_TRUE(process.wait_for_stderr("refused")) << process.err();
  std::string text;
  for (int i = 0; i < 400 && value(text, "ordersync_api_requests_total", "outcome=\"refused\"").value_or(0) < 1; ++i)
    text = get(address, "/metrics").body;
  EXPECT_GT(value(text, "ordersync_api_requests_total", "outcome=\"refused\""), 0);
  EXPECT_GT(value(text, "ordersync_last_success_age_seconds"), 0);
}

TEST_F(metrics, move_with_the_address_and_stay_where_it_cannot_be_had) {
  simulate();
  auto process = start(quick);
  ASSERT_TRUE(process.wait_for_stderr("leading "));
  const auto first = endpoint_of(process);
  on.configure({.sync = quick, .top = "log: {level: info}\n", .service = "listen: \"[::1]:0\""});
  process.signal(SIGHUP);
  ASSERT_TRUE(process.wait_for_stderr("address=[::1]:")) << process.err();
  const auto second = endpoint_of(process);
  EXPECT_EQ(get(second, "/healthz").status, "200");
  EXPECT_NE(get(first, "/healthz").status, "200");
  on.configure({.sync = quick, .top = "log: {level: info}\n", .service = "listen: 192.0.2.1:80"});
  process.signal(SIGHUP);
  ASSERT_TRUE(process.wait_for_stderr("endpoint_not_moved")) << process.err();
  EXPECT_EQ(get(second, "/healthz").status, "200");
  EXPECT_EQ(process.err().find("not_leading"), std::string::npos) << "the mirror does not pause for that";
}

TEST_F(metrics, need_an_address_that_can_be_had) {
  simulate();
  auto process = start(quick);
  on.configure({.sync = quick, .service = "listen: " + endpoint_of(process)});
  const auto second = on.run({"run"});
  EXPECT_EQ(second.status.code, 2);
  EXPECT_THAT(second.err, AllOf(HasSubstr("service.listen"), HasSubstr("in use")));
}

}  // namespace
}  // namespace ordersync::e2e
