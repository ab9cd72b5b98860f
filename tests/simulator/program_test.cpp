// The program itself, over TLS.
#include "running.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <sstream>
#include <string>
#include <vector>

namespace pandapon_sim::testing {
namespace {

const std::vector<std::string> month{"--orders", "2000", "--from", "2024-05-01", "--to", "2024-06-01"};
const std::string first_page = R"({"pageNum":1,"pageSize":50})";

TEST_F(program, serves_pages_and_the_truth_on_one_connection) {
  auto simulator = start(month);
  client c(simulator);
  for (int i = 0; i < 3; ++i) {
    const auto got = c.exchange(http::verb::post, "/alibaba/order/page", first_page);
    EXPECT_EQ(got.result_int(), 200U);
    EXPECT_EQ(boost::json::parse(got.body()).at("total"), 2000);
    EXPECT_TRUE(got.count(http::field::date));
  }
  const auto truth = c.exchange(http::verb::get, "/_truth");
  EXPECT_EQ(std::count(truth.body().begin(), truth.body().end(), '\n'), 2000);
  const auto day = c.exchange(http::verb::get, "/_truth?from=2024-05-07&to=2024-05-08");
  const auto lines = std::count(day.body().begin(), day.body().end(), '\n');
  EXPECT_GT(lines, 10);
  EXPECT_LT(lines, 400);
  const auto stats = boost::json::parse(c.exchange(http::verb::get, "/_stats").body());
  EXPECT_EQ(stats.at("pages"), 3);
  EXPECT_EQ(stats.at("connections"), 1);
}

TEST_F(program, keeps_its_latency_and_ends_at_once_on_a_signal) {
  std::vector<std::string> more = month;
  more.insert(more.end(), {"--latency", "80ms"});
  auto simulator = start(more);
  client c(simulator);
  const auto before = std::chrono::steady_clock::now();
  c.exchange(http::verb::post, "/alibaba/order/page", first_page);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(80));
  simulator.signal(SIGTERM);
  const auto ended = simulator.wait();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0);
}

TEST_F(program, lets_time_pass) {
  auto simulator = start({"--live", "400", "--mutate", "400"});
  client c(simulator);
  const auto orders = [&] { return boost::json::parse(c.exchange(http::verb::get, "/_stats").body()).at("mutated"); };
  // Bounded by the deadline of the test; each turn waits for the answer of the one before.
  while (orders().to_number<int>() < 20) {
  }
}

TEST_F(program, streams_the_log_of_what_happened) {
  auto simulator = start(month);
  client c(simulator);
  EXPECT_EQ(c.exchange(http::verb::get, "/_log").body(), "");
  c.exchange(http::verb::post, "/_add?n=3000");  // more than one block of lines
  c.exchange(http::verb::post, "/_mutate");
  std::istringstream log(c.exchange(http::verb::get, "/_log").body());
  std::vector<boost::json::value> events;
  for (std::string line; std::getline(log, line);) events.push_back(boost::json::parse(line));
  ASSERT_EQ(events.size(), 3001U);
  EXPECT_EQ(events.front().at("what"), "created");
  EXPECT_EQ(events.front().at("created_at").as_int64(), events.front().at("at").as_int64() / 1000 * 1000);
  EXPECT_EQ(events.back().at("what"), "changed");
  EXPECT_EQ(events.back().at("version"), 1);
}

TEST_F(program, does_on_the_wire_what_the_fault_file_says) {
  const auto faults = directory_.write("faults", "at 1 cut 100\nat 2 close\nat 3 reset\nat 4 not-http\nat 5 chunked\n");
  std::vector<std::string> more = month;
  more.insert(more.end(), {"--faults", faults.string()});
  auto simulator = start(more);
  for (int i = 1; i <= 4; ++i)
    EXPECT_THROW(client(simulator).exchange(http::verb::post, "/alibaba/order/page", first_page),
                 boost::system::system_error)
        << "request " << i;
  const auto got = client(simulator).exchange(http::verb::post, "/alibaba/order/page", first_page);
  EXPECT_EQ(boost::json::parse(got.body()).at("total"), 2000);
}

TEST_F(program, behaves_on_the_wire_as_its_flags_say) {
  std::vector<std::string> more = month;
  more.insert(more.end(), {"--date-skew=8h,-8h", "--close-delimited"});
  auto simulator = start(more);
  std::vector<std::string> dates;
  for (int i = 0; i < 2; ++i) {
    const auto got = client(simulator).exchange(http::verb::post, "/alibaba/order/page", first_page);
    EXPECT_EQ(boost::json::parse(got.body()).at("total"), 2000);
    EXPECT_FALSE(got.has_content_length());
    dates.emplace_back(got[http::field::date]);
  }
  EXPECT_NE(dates[0], dates[1]);
}

TEST_F(program, counts_time_from_its_start) {
  std::vector<std::string> more = month;
  more.insert(more.end(), {"--challenge", "403", "--challenge-from", "200ms"});
  auto simulator = start(more);
  client c(simulator);
  const auto status = [&] { return c.exchange(http::verb::post, "/alibaba/order/page", first_page).result_int(); };
  // Bounded by the deadline of the test; each turn waits for the answer of the one before.
  while (status() != 403) {
  }
}

TEST_F(program, shows_what_family_draws) {
  const auto run = support::run_process({command({"--family", "2", "--listen", "nowhere"}), {}, {}, "/", 9});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_EQ(run.err.find("family"), std::string::npos);
  auto simulator = start({"--family", "2"});
  client c(simulator);
  EXPECT_EQ(simulator.err(), "family 2: --absent-empty --clamp-range 1d --ignore-status\n");
  const auto got = c.exchange(http::verb::post, "/alibaba/order/page", first_page);
  EXPECT_EQ(got.body(), R"({"total":0,"code":200})");
}

TEST_F(program, a_bad_fault_file_ends_it_with_2_and_names_the_line) {
  const auto faults = directory_.write("faults", "at 1 cut 100\nat 2 explode\n");
  const auto run = support::run_process({command({"--faults", faults.string()}), {}, {}, "/", 9});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_NE(run.err.find("line 2: unknown action"), std::string::npos) << run.err;
}

TEST_F(program, an_address_in_use_ends_it_with_2_and_is_named) {
  auto simulator = start(month);
  const auto line = simulator.wait_for_stdout("listening on ").value_or("");
  const auto address = line.substr(line.rfind(' ') + 1);
  const auto run = support::run_process({command({"--listen", address}), {}, {}, "/", 9});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_EQ(run.err, "pandapon-sim: --listen: cannot listen on " + address + ": Address already in use\n");
}

TEST_F(program, a_wrong_command_line_ends_it_with_2) {
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--orders", "5"},
                                               {"--nonsense"},
                                               {"--latency", "5"},
                                               {"--push", "http://127.0.0.1:1/push", "--push-retry", "0s"},
                                               {"--listen", "nowhere"},
                                               {"--orders", "5", "--from", "2024-05-02", "--to", "2024-05-01"}}) {
    const auto run = support::run_process({command(more), {}, {}, "/", 9});
    EXPECT_EQ(run.status.code, 2) << more[0];
    EXPECT_FALSE(run.err.empty());
  }
  EXPECT_EQ(support::run_process({command({"--help"}), {}, {}, "/", 9}).status.code, 0);
}

}  // namespace
}  // namespace pandapon_sim::testing
