// Every fault of the simulator's fault file, alone and all at once: the command says what happened or gets through, and
// in the end the mirror equals the truth.

#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

namespace ordersync::e2e {
namespace {

// What the simulator's help lists as actions.
std::vector<std::string> known_actions() {
  const auto help = test_support::run_process({.argv = {stage::simulator().string(), "--help"}}).out;
  std::vector<std::string> actions;
  bool in_list = false;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    if (in_list && line.rfind("  ", 0) == 0) actions.push_back(line.substr(2, line.find(' ', 2) - 2));
    if (line.find("Actions:") != std::string::npos) in_list = true;
  }
  return actions;
}

// The fault as a test uses it: with an argument where it needs one.
std::string with_argument(const std::string& action) {
  static const std::map<std::string, std::string> arguments{
      {"vanish", "2"},      {"appear", "2"},    {"add", "2"},           {"mutate", "2"},     {"page", "1"},
      {"short", "1"},       {"total", "+3"},    {"bad-id", "1"},        {"status", "503"},   {"code", "50001 later"},
      {"body", "{}"},       {"garbage", "50"},  {"deep", "100"},        {"huge", "70MiB"},   {"cut", "100"},
      {"cut-clean", "100"}, {"delay", "100ms"}, {"slow", "200"},        {"length", "-5"},    {"extra", "10"},
      {"stall-body", "10"}, {"html", "200"},    {"gzip-bomb", "70MiB"}, {"header", "X-A b"}, {"big-header", "100KiB"},
      {"date", "-3"}};
  const auto found = arguments.find(action);
  return found == arguments.end() ? action : action + " " + found->second;
}

void expect_the_truth_in_the_end(stage& on) {
  // What one run could not prove, the next one reads.
  for (int run = 0; run < 4; ++run) {
    const auto done = on.run({"sync"});
    ASSERT_TRUE(done.status.code.has_value()) << "it died: " << done.err;
    ASSERT_NE(done.status.code, 70) << done.err;
    if (on.query("select proven @> tstzrange('2024-05-01+08', '2024-06-01+08') from ordersync.coverage") == "t") break;
  }
  EXPECT_EQ(on.query("select proven @> tstzrange('2024-05-01+08', '2024-06-01+08') from ordersync.coverage"), "t");
  EXPECT_EQ(differences_from_truth(on), "");
}

TEST(faults, each_one_is_survived_with_the_mirror_equal_to_the_truth) {
  const auto actions = known_actions();
  ASSERT_GT(actions.size(), 20u);
  for (const auto& action : actions) {
    SCOPED_TRACE(action);
    stage on;
    const auto line = with_argument(action);
    const auto faults = on.directory().write("faults", "at 3 " + line + "\nat 9-10 " + line + "\n");
    on.start_simulator({"--orders", "1500", "--from", "2024-05-01", "--to", "2024-06-01", "--faults", faults.string()});
    on.configure({.api = "  request_timeout: 2s\n", .sync = "  rate: 10000\n  max_window_orders: 400\n"});
    on.migrate();
    expect_the_truth_in_the_end(on);
  }
}

TEST(faults, all_together_at_random_are_survived_too) {
  stage on;
  std::string lines;
  int period = 200;  // each at its own beat, about one request in eight goes wrong
  for (const auto& action : known_actions())
    if (action != "huge" && action != "slow") lines += fmt::format("every {} {}\n", period += 7, with_argument(action));
  const auto faults = on.directory().write("faults", lines);
  on.start_simulator(
      {"--seed", "3", "--orders", "20000", "--from", "2024-05-01", "--to", "2024-06-01", "--faults", faults.string()});
  on.configure({.api = "  request_timeout: 1s\n"});
  on.migrate();
  for (int run = 0; run < 30; ++run) {
    const auto done = on.run({"sync"});
    ASSERT_TRUE(done.status.code.has_value()) << "it died: " << done.err;
    ASSERT_NE(done.status.code, 70) << done.err;
    if (on.query("select proven @> tstzrange('2024-05-01+08', '2024-06-01+08') from ordersync.coverage") == "t") break;
  }
  EXPECT_EQ(on.query("select proven @> tstzrange('2024-05-01+08', '2024-06-01+08') from ordersync.coverage"), "t");
}

TEST(faults, a_rate_limit_below_ours_is_found_and_kept) {
  stage on;
  on.start_simulator({"--orders", "1500", "--from", "2024-05-01", "--to", "2024-06-01", "--rate-limit", "20"});
  on.configure({.sync = "  rate: 100\n"});
  on.migrate();
  const auto done = on.run({"sync"});
  EXPECT_EQ(done.status.code, 6) << done.err;
  EXPECT_EQ(differences_from_truth(on), "");
}

TEST(faults, an_api_that_is_gone_is_exit_code_3) {
  stage on;
  on.start_simulator({});
  on.configure();
  on.migrate();
  on.stop_simulator();
  const auto done = on.run({"sync"});
  EXPECT_EQ(done.status.code, 3);
  EXPECT_NE(done.err.find("request_retry"), std::string::npos) << done.err;
}

TEST(faults, credentials_that_are_refused_are_exit_code_4_after_one_request) {
  stage on;
  on.start_simulator({"--orders", "10", "--from", "2024-05-01", "--to", "2024-06-01"});
  on.configure();
  on.migrate();
  on.directory().write("access-secret", "another-secret");
  const auto done = on.run({"sync"});
  EXPECT_EQ(done.status.code, 4) << done.err;
  EXPECT_EQ(on.query("select count(*) from ordersync.orders"), "0");
  EXPECT_EQ(done.err.find("request_retry"), std::string::npos) << done.err;
}

TEST(faults, a_database_that_is_not_there_is_exit_code_5) {
  stage on;
  on.start_simulator({});
  on.configure();
  const auto yaml = on.file("ordersync.yaml");
  const auto done = on.run({"sync"});  // no schema yet
  EXPECT_TRUE(done.status.code == 5 || done.status.code == 2);
  EXPECT_NE(done.err.find("ordersync migrate"), std::string::npos) << done.err;
}

}  // namespace
}  // namespace ordersync::e2e
