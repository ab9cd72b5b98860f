// Checks by counts with the real daemon: changes of orders whose windows are not read again.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace ordersync::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Test;
using arguments = std::vector<std::string>;

// Windows are not read again: what is found, counts have found.
const std::string by_counts_alone =
    "  rate: 200\n  live: {every: 1s, settle: 1s, overlap: 5s}\n  revisit: []\n"
    "  recheck: {younger_than: 3650d, every: 5s, share: 0.9}\n";
const std::string complete =
    "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '20 s'))";
const std::string checked_since =
    "EXISTS (SELECT FROM ordersync.count_checks WHERE oldest_checked_at > now() - interval '1 min')";

struct recheck : Test {
  stage on;

  child_process mirror(const arguments& flags = {}, const std::string& sync = by_counts_alone) {
    arguments all{"--seed", "9",          "--orders", "3000", "--from",       "2024-05-01",
                  "--to",   "2024-08-01", "--open",   "20",   "--mutate-open"};
    all.insert(all.end(), flags.begin(), flags.end());
    on.start_simulator(all);
    on.configure({.sync = sync, .top = "log: {level: info}\n"});
    on.migrate();
    auto daemon = on.start({"run"});
    on.wait_until(complete);
    return daemon;
  }
  std::string state() { return on.query("SELECT state FROM ordersync.count_checks"); }
  void wait_for(const std::string& condition, const child_process& daemon) {
    ASSERT_TRUE(poll_until([&] { return on.query("SELECT " + condition) == "t"; }))
        << on.query("SELECT * FROM ordersync.count_checks") << daemon.err();
  }
  // Once the mirror is as the simulator says.
  void expect_to_catch_up() {
    EXPECT_TRUE(poll_until([&] { return differences_from_truth(on).empty(); })) << differences_from_truth(on);
  }
};

TEST_F(recheck, finds_orders_whose_status_has_changed_and_writes_nothing_else) {
  const auto daemon = mirror();
  wait_for(checked_since, daemon);
  const auto before = on.query(row_versions);
  const auto checked = on.query("SELECT oldest_checked_at FROM ordersync.count_checks");
  wait_for("EXISTS (SELECT FROM ordersync.count_checks WHERE oldest_checked_at > '" + checked + "')", daemon);
  EXPECT_EQ(on.query(row_versions), before);

  on.post("/_mutate?n=60", "");
  expect_to_catch_up();
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.sweeps WHERE kind = 'revisit' AND outcome <> 'partial'"), "0");
  EXPECT_EQ(state(), "on");
  EXPECT_THAT(on.run({"status"}).out, HasSubstr("by counts   main, proven orders under"));
}

TEST_F(recheck, works_within_the_limits_of_the_api) {
  const auto daemon = mirror({"--refuse-range", "7d", "--max-page-size", "20", "--cap-total", "400"});
  wait_for(checked_since, daemon);
  on.post("/_mutate?n=30", "");
  expect_to_catch_up();
}

TEST_F(recheck, is_taken_over_by_a_second_daemon) {
  auto first = mirror();
  auto second = on.start({"run"});
  ASSERT_TRUE(second.wait_for_stderr("standing_by")) << second.err();
  wait_for(checked_since, first);
  first.signal(SIGKILL);
  on.post("/_mutate?n=30", "");
  expect_to_catch_up();
}

TEST_F(recheck, does_not_rely_on_counts_that_leave_orders_out) {
  const auto daemon = mirror({"--status-misses", "20"});
  wait_for("EXISTS (SELECT FROM ordersync.count_checks WHERE state = 'unusable')", daemon);
  EXPECT_THAT(on.run({"status"}).out, HasSubstr("counts by status are unusable"));
  EXPECT_THAT(daemon.err(), HasSubstr("counts_unusable"));
}

TEST_F(recheck, finds_what_a_lagging_status_filter_shows_later) {
  const auto daemon = mirror({"--status-lag", "3s"});
  wait_for("EXISTS (SELECT FROM ordersync.count_checks WHERE state <> 'untried')", daemon);
  on.post("/_mutate?n=30", "");
  if (state() == "on") expect_to_catch_up();
}

TEST_F(recheck, can_be_switched_off) {
  const auto daemon = mirror({}, "  rate: 200\n  live: {every: 1s, settle: 1s, overlap: 5s}\n  recheck: {share: 0}\n");
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.count_checks"), "0");
  EXPECT_EQ(on.run({"status"}).out.find("by counts"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::e2e
