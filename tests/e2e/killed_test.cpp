// A backfill killed at fifty random moments, then run to its end: nothing is lost, doubled or half written.

#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <random>

namespace ordersync::e2e {
namespace {

const std::vector<std::string> may{"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", "--foreground"};

TEST(killed, a_backfill_killed_at_fifty_moments_ends_equal_to_the_truth) {
  stage on;
  on.start_simulator({"--seed", "11", "--orders", "4000", "--from", "2024-05-01", "--to", "2024-06-01"});
  on.configure({.sync = "  rate: 10000\n  max_window_orders: 250\n"});
  on.migrate();
  std::mt19937 random(20240501);
  int killed_at_work = 0;
  for (int i = 0; i < 50; ++i) {
    auto process = on.start(may);
    // A moment of the backfill: it ends when it ends, or when it is killed.
    if (!process.wait(std::chrono::milliseconds{random() % 700})) ++killed_at_work;
    process.signal(SIGKILL);
    ASSERT_TRUE(process.wait().has_value());
  }
  EXPECT_GT(killed_at_work, 10);
  const auto done = on.run(may);
  ASSERT_EQ(done.status.code, 6) << done.err;
  EXPECT_EQ(differences_from_truth(on), "");
  EXPECT_EQ(on.query("select count(*) from ordersync.orders where _version > 1"), "0");
  EXPECT_EQ(on.query("select proven @> tstzrange('2024-05-01+08', '2024-06-01+08') from ordersync.coverage"), "t");
}

TEST(killed, sigterm_ends_it_within_five_seconds_with_nothing_half_done) {
  stage on;
  on.start_simulator({"--orders", "20000", "--from", "2024-05-01", "--to", "2024-06-01", "--latency", "100ms"});
  on.configure({.top = "log: {level: debug}\n"});
  on.migrate();
  auto process = on.start({"sync"});
  ASSERT_TRUE(process.wait_for_stderr("outcome=proven").has_value());
  process.signal(SIGTERM);
  const auto status = process.wait(std::chrono::seconds{5});
  ASSERT_TRUE(status.has_value()) << "still running after 5 s";
  EXPECT_EQ(status->code, 6);
  EXPECT_NE(process.err().find("interrupted"), std::string::npos);
  EXPECT_EQ(on.query("select count(*) from ordersync.orders o where not exists"
                     " (select from ordersync.order_items i where i.order_id = o.id)"),
            "0");
}

TEST(killed, a_second_signal_ends_it_at_once) {
  stage on;
  on.start_simulator({"--orders", "100", "--from", "2024-05-01", "--to", "2024-06-01", "--faults",
                      on.directory().write("faults", "from 1 stall\n").string()});
  on.configure({.top = "log: {level: trace}\n"});
  on.migrate();
  auto process = on.start({"sync"});
  process.signal(SIGTERM);
  process.signal(SIGINT);
  EXPECT_TRUE(process.wait(std::chrono::seconds{5}).has_value());
}

}  // namespace
}  // namespace ordersync::e2e
