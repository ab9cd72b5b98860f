// What goes wrong is reported: each fault of the simulator's fault file in one readable line of a real daemon's log, in
// a metric and in `status`, and what befalls one window under one name, from the request that failed to the gap.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace ordersync::e2e {
namespace {

using namespace std::chrono_literals;

// Nothing asks the API but a test's jobs: what is newest is read once an hour, and no older window again.
const std::string calm =
    "  rate: 1000\n  page_size: 2\n  live: {every: 1h, settle: 1s, overlap: 1h}\n  revisit: []\n  recheck: {share: "
    "0}\n  audit: 0\n";

std::vector<std::string> lines_with(const std::string& text, const std::string& part) {
  std::vector<std::string> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.find(part) != std::string::npos) found.push_back(line);
  return found;
}

// The word behind `name=`; empty where the line has none.
std::string field(const std::string& line, const std::string& name) {
  const auto at = line.find(" " + name + "=");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 2;
  return line.substr(begin, line.find(' ', begin) - begin);
}

std::string event_of(const std::string& line) {
  const auto level = line.find(' ') + 1;
  const auto event = line.find(' ', level) + 1;
  return line.substr(event, line.find(' ', event) - event);
}

struct fault_reports : ::testing::Test {
  stage on;
  std::optional<child_process> daemon;

  void begin(const std::string& sync = calm) {
    on.start_simulator(
        {"--seed", "5", "--orders", "4000", "--from", "2024-05-01", "--to", "2024-05-08", "--oddities", "0"});
    on.configure(
        {.api = "  request_timeout: 1s\n  max_response_bytes: 1MiB\n", .sync = sync, .top = "log: {level: debug}\n"});
    daemon.emplace(on.start({"run"}));
    ASSERT_TRUE(daemon->wait_for_stderr(" leading ")) << daemon->err();
    on.wait_until(
        "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '30 s'))");
  }
  std::string job(const std::string& from, const std::string& length) {
    return on.query(
        fmt::format("INSERT INTO ordersync.backfill_jobs (account, from_time, to_time) VALUES ('main', "
                    "'{0}', '{0}'::timestamptz + interval '{1}') RETURNING id",
                    from, length));
  }
  // The name of the job's first window.
  std::string window_of(const std::string& id) {
    const auto line = daemon->wait_for_stderr(":00 kind=backfill job=" + id);
    return line ? field(*line, "window") : "none";
  }
  void wait_for_end(const std::string& id) {
    on.wait_until("(SELECT state IN ('done', 'incomplete') FROM ordersync.backfill_jobs WHERE id = " + id + ")");
  }
  std::string state(const std::string& id) {
    return on.query("SELECT state FROM ordersync.backfill_jobs WHERE id = " + id);
  }
  std::string now() {
    return on.query("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')");
  }
  // Whether `status --json` has what this line says, from `since` on, once the daemon has stored it.
  bool status_has(const std::string& line, const std::string& since) {
    const auto event = event_of(line);
    const auto failure = field(line, "failure");
    on.wait_until(
        fmt::format("EXISTS (SELECT FROM ordersync.troubles WHERE event = '{}' AND account = 'main' AND "
                    "failure = '{}' AND last_at >= '{}')",
                    event, failure, since));
    const auto status = boost::json::parse(on.run({"status", "--json"}).out);
    return std::ranges::any_of(status.at("troubles").as_array(), [&](const boost::json::value& problem) {
      const auto* sort = problem.at("fields").as_object().if_contains("failure");
      return problem.at("event").as_string() == event && problem.at("last_at").as_string() >= since &&
             (sort == nullptr ? failure.empty() : sort->as_string() == failure);
    });
  }
  // The line of `status` about problems.
  std::string last_problem() {
    const auto lines = lines_with(on.run({"status"}).out, "problems    ");
    return lines.size() == 1 ? lines.front() : "none";
  }
  // A second in which many orders were created: its window has several pages and cannot be split.
  std::string crowded_second() {
    return on.query(
        "SELECT date_trunc('second', created_at) FROM ordersync.orders GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1");
  }
};

TEST_F(fault_reports, a_window_is_followed_by_its_name_from_retry_over_split_to_gap) {
  begin();
  const auto from = crowded_second();
  on.post("/_faults", "from 1 status 503\n");
  const auto id = job(from, "2 s");
  const auto name = window_of(id);
  ASSERT_TRUE(daemon->wait_for_stderr("request_retry account=main window=" + name + " ")) << daemon->err();
  on.post("/_faults", "from 1 total +3\n");
  wait_for_end(id);
  EXPECT_EQ(state(id), "incomplete");
  ASSERT_TRUE(daemon->wait_for_stderr("window_gap account=main window=" + name + ".2 ")) << daemon->err();
  // As `grep window=NAME` shows it, each event of a row once.
  std::map<std::string, std::string> stories;
  for (const auto& line : lines_with(daemon->err(), "window=" + name)) {
    EXPECT_EQ(field(line, "account"), "main") << line;
    EXPECT_EQ(field(line, "job"), id) << line;
    EXPECT_FALSE(field(line, "range").empty()) << line;
    auto& story = stories[field(line, "window")];
    if (!story.ends_with(event_of(line) + " ")) story += event_of(line) + " ";
  }
  EXPECT_EQ(stories[name], "window_begun request_retry window_read_again window_split window_stored ");
  EXPECT_EQ(stories[name + ".1"], "window_begun window_read_again window_stored window_gap ");
  EXPECT_EQ(stories[name + ".2"], stories[name + ".1"]);
  EXPECT_EQ(stories.size(), 3U);
}

TEST_F(fault_reports, a_gap_is_reported_by_status_and_by_its_exit_code) {
  on.start_simulator({"--seed", "5", "--orders", "300", "--from", "2024-05-01", "--to", "2024-06-01", "--faults",
                      on.directory().write("faults", "from 1 total +3\n").string()});
  on.configure({.sync = calm, .start = "2024-05-31T23:59:50+08:00"});
  daemon.emplace(on.start({"run"}));
  ASSERT_TRUE(daemon->wait_for_stderr("window_gap account=main")) << daemon->err();
  const auto status = on.run({"status"});
  EXPECT_EQ(status.status.code, 6) << status.out;
  EXPECT_EQ(on.run({"coverage"}).status.code, 6);
}

TEST_F(fault_reports, what_a_daemon_logged_is_in_the_status_when_it_has_ended) {
  begin();
  const auto since = now();
  on.post("/_faults", "from 1 reset\n");
  const auto name = window_of(job(crowded_second(), "1 s"));
  const auto line = daemon->wait_for_stderr("request_retry account=main window=" + name + " ");
  ASSERT_TRUE(line);
  EXPECT_TRUE(status_has(*line, since));
  daemon.reset();
  EXPECT_NE(last_problem().find("request_retry of main, window " + name + ", unreachable: "), std::string::npos)
      << last_problem();
}

TEST_F(fault_reports, status_and_the_page_agree_while_the_api_is_down_and_when_it_is_back) {
  begin("  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 10s}\n  revisit: []\n  audit: 0\n");
  const auto address = endpoint_of(*daemon);
  const auto headline = [](const std::string& text) {
    boost::system::error_code failed;
    const auto whole = boost::json::parse(text, failed);
    const auto* const verdict = whole.is_object() ? whole.as_object().if_contains("verdict") : nullptr;
    return verdict == nullptr ? std::string{} : std::string{verdict->at("headline").as_string()};
  };
  const auto both_say = [&](const std::string& what) {
    return poll_until([&] {
      return headline(get(address, "/api/status").body) == what && headline(on.run({"status", "--json"}).out) == what;
    });
  };
  on.stop_simulator();
  EXPECT_TRUE(both_say("The API does not answer")) << on.run({"status"}).out << get(address, "/api/status").body;
  on.restart_simulator();
  EXPECT_TRUE(both_say("Complete and current")) << on.run({"status"}).out << get(address, "/api/status").body;
}

// What becomes of a window under each fault, as long as it lasts.
enum class fate {
  proven,   // no fault for this client, or none that a window of several pages cannot bear
  retried,  // the request is sent again until the fault ends
  gap,
};

struct expectation {
  std::string fault;
  fate ends;
  std::string says;  // in the line that reports it
  std::string when = "from 1";
};

const std::vector<expectation>& expectations() {
  static const std::vector<expectation> all{
      {"vanish 2", fate::gap, "reason=", "every 2"},
      {"appear 2", fate::gap, "reason="},
      {"add 2", fate::gap, "reason="},
      {"mutate 2", fate::proven, ""},
      {"shuffle", fate::gap, "reason="},
      {"page 1", fate::gap, "reason="},
      {"short 1", fate::gap, "reason="},
      {"total +3", fate::gap, "reason="},
      {"bad-id 1", fate::gap, "quarantine"},
      {"status 503", fate::retried, "failure=unreachable"},
      {"status 503 retry-after 1", fate::retried, "failure=overloaded"},
      {"status 429", fate::retried, "failure=overloaded"},
      {"status 401", fate::retried, "failure=refused"},
      {"status 500", fate::retried, "failure=unreachable"},
      {"status 404", fate::gap, "reason="},
      {"code 50001 later", fate::retried, "failure=overloaded"},
      {"code 71234 E71234", fate::gap, "reason="},
      {"code 503 later", fate::retried, "failure=overloaded"},
      {"code 401 who", fate::retried, "failure=refused"},
      {"html 200", fate::retried, "failure=unreachable"},
      {"html 403", fate::retried, "failure=unreachable"},
      {"redirect", fate::gap, "reason="},
      {"empty", fate::gap, "reason="},
      {"body {}", fate::gap, "reason="},
      {"no-data", fate::gap, "reason="},
      {"null-data", fate::gap, "reason="},
      {"no-total", fate::gap, "reason="},
      {"no-code", fate::gap, "reason="},
      {"garbage 50", fate::gap, "reason="},
      {"bad-utf8", fate::gap, "reason="},
      {"deep 100", fate::gap, "reason="},
      {"huge 2MiB", fate::gap, "reason="},
      {"cut 100", fate::retried, "failure=unreachable"},
      {"cut-clean 100", fate::retried, "failure=unreachable"},
      {"close", fate::retried, "failure=unreachable"},
      {"reset", fate::retried, "failure=unreachable"},
      {"stall", fate::retried, "failure=unreachable"},
      {"stall-body 10", fate::retried, "failure=unreachable"},
      {"delay 100ms", fate::proven, ""},
      {"slow 200", fate::retried, "failure=unreachable"},
      {"length -5", fate::gap, "reason="},
      {"no-length", fate::proven, ""},
      {"no-length-rude", fate::gap, "reason="},
      {"gzip", fate::proven, ""},
      {"gzip-bomb 2MiB", fate::gap, "reason="},
      {"gzip-broken", fate::gap, "reason="},
      {"two-lengths", fate::gap, "reason="},
      {"length-and-chunked", fate::gap, "reason="},
      {"chunked", fate::proven, ""},
      {"chunked-cut", fate::retried, "failure=unreachable"},
      {"bad-chunk", fate::gap, "reason="},
      {"extra 10", fate::proven, ""},
      {"not-http", fate::gap, "reason="},
      {"interim", fate::proven, ""},
      {"header X-A b", fate::proven, ""},
      {"big-header 100KiB", fate::gap, "reason="},
      {"then-close", fate::proven, ""},
      {"date -3", fate::proven, ""},
  };
  return all;
}

TEST_F(fault_reports, every_fault_of_the_fault_file_is_in_one_readable_line) {
  begin();
  const auto from = crowded_second();
  const auto address = endpoint_of(*daemon);
  for (const auto& [fault, ends, says, when] : expectations()) {
    SCOPED_TRACE(fault);
    const bool failed_before = HasFailure();
    const auto before = get(address, "/metrics").body;
    const auto since = now();
    on.post("/_faults", when + " " + fault + "\n");
    const auto id = job(from, "1 s");
    const auto name = window_of(id);
    const auto about = " account=main window=" + name + " ";
    std::optional<std::string> line;
    if (ends == fate::retried) {
      line = daemon->wait_for_stderr("request_retry" + about);
      EXPECT_TRUE(line) << "not logged";
      on.post("/_faults", "");
      EXPECT_TRUE(daemon->wait_for_stderr("window_stored" + about)) << "not got over";
    }
    wait_for_end(id);
    on.post("/_faults", "");
    EXPECT_EQ(state(id), ends == fate::gap ? "incomplete" : "done");
    if (ends == fate::gap) line = daemon->wait_for_stderr("window_gap" + about);
    EXPECT_EQ(line.has_value(), ends != fate::proven);
    if (line) {
      EXPECT_NE(line->find(says), std::string::npos) << *line;
      EXPECT_NE(line->find(" warning "), std::string::npos) << *line;
      EXPECT_GT(line->size() - line->find("reason="), 20U) << *line;
      EXPECT_EQ(field(*line, "job"), id) << *line;
      EXPECT_TRUE(status_has(*line, since));
      EXPECT_NE(last_problem().find(" s ago: "), std::string::npos) << last_problem();
      const auto after = get(address, "/metrics").body;
      const auto grows = [&](const std::string& family, const std::string& label) {
        return value(after, family, label).value_or(0) > value(before, family, label).value_or(0);
      };
      EXPECT_TRUE(grows("ordersync_log_events_total", fmt::format("event=\"{}\"", event_of(*line))));
      EXPECT_TRUE(ends == fate::gap
                      ? grows("ordersync_windows_total", "kind=\"backfill\"")
                      : grows("ordersync_api_requests_total", fmt::format("outcome=\"{}\"", field(*line, "failure"))));
    }
    if (std::getenv("TEST_SHOW") != nullptr) fmt::print("{:20} {}\n", fault, line.value_or("-"));
    if (HasFailure() && !failed_before) {
      for (const auto& each : lines_with(daemon->err(), about)) fmt::print("  {}\n", each);
    }
  }
}

TEST(faults, are_all_expected_somewhere) {
  const auto help = test_support::run_process({.argv = {stage::simulator().string(), "--help"}}).out;
  const auto list = help.substr(help.find("Actions:"));
  std::istringstream lines(list);
  std::string line;
  std::getline(lines, line);
  int actions = 0;
  for (; std::getline(lines, line) && line.starts_with("  "); ++actions) {
    const auto action = line.substr(2, line.find(' ', 2) - 2);
    EXPECT_TRUE(std::ranges::any_of(expectations(), [&](const expectation& e) {
      return e.fault.substr(0, e.fault.find(' ')) == action;
    })) << action;
  }
  EXPECT_GT(actions, 20);
}

}  // namespace
}  // namespace ordersync::e2e
