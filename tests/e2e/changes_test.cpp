// `changes`: every version of an order, in the order of commits.

#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <random>

namespace ordersync::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Test;

std::vector<std::string> whole_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    lines.push_back(text.substr(at, end - at));
  return lines;
}

struct changes : Test {
  stage on;

  void mirror(const std::string& orders, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--seed", "7", "--orders", orders, "--from", "2024-05-01", "--to", "2024-06-01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    on.start_simulator(arguments);
    on.configure();
    on.migrate();
    ASSERT_NE(on.run({"sync"}).status.code, 5);
  }
};

const std::string all_versions =
    "SELECT change || ' ' || order_id || ' ' || version FROM reporting.changes(0) ORDER BY change";

// "17 1060631267218818995 2" of a line of JSON.
std::string version_in(const std::string& line) {
  const auto member = [&](const std::string& name, const std::string& until) {
    const auto begin = line.find("\"" + name + "\":") + name.size() + 3;
    auto value = line.substr(begin, line.find(until, begin) - begin);
    std::erase(value, '"');
    return value;
  };
  return member("change", ",") + " " + member("order_id", ",") + " " + member("version", ",");
}

TEST_F(changes, are_all_versions_in_the_order_of_their_numbers) {
  mirror("200");
  on.post("/_mutate?n=300", "");
  ASSERT_NE(on.run({"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", "--foreground"}).status.code,
            5);
  const auto shown = on.run({"changes", "--json"});
  ASSERT_EQ(shown.status.code, 0) << shown.err;
  std::string seen;
  for (const auto& line : whole_lines(shown.out)) seen += version_in(line) + "\n";
  seen.pop_back();
  EXPECT_EQ(seen, on.query(all_versions));
  EXPECT_EQ(on.query("SELECT count(*) FROM reporting.order_versions"), std::to_string(whole_lines(shown.out).size()));

  const auto some = on.run({"changes", "--after", "200"});
  ASSERT_EQ(some.status.code, 0) << some.err;
  EXPECT_EQ(whole_lines(some.out).size(), whole_lines(shown.out).size() - 200);
  EXPECT_THAT(whole_lines(some.out).front(),
              MatchesRegex("201  [0-9-]+T[0-9:.]+\\+08:00  [0-9]+ v2  main  [a-z ]+: .*"));
  EXPECT_EQ(on.run({"changes", "--account", "main"}).out, on.run({"changes"}).out);
}

TEST_F(changes, in_json_are_what_the_view_shows) {
  mirror("50");
  const auto shown = on.run({"changes", "--json"});
  on.directory().write("changes.json", shown.out);
  const auto script = on.directory().write(
      "compare.sql",
      fmt::format(
          "CREATE TEMP TABLE j (line text);\n"
          "\\copy j FROM '{}' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')\n"
          "SELECT count(*) FROM (SELECT change, order_id, version, at, day, account, vanished, order_no, tb_order_id, "
          "created_at, order_status, pay_status, seller_login_id, total_amount, refund_amount, changed, items "
          "FROM reporting.changes(0) EXCEPT SELECT r.* FROM j, jsonb_to_record(line::jsonb) AS r (change bigint, "
          "order_id text, version integer, at timestamptz, day date, account text, vanished boolean, order_no "
          "text, tb_order_id text, created_at timestamptz, order_status text, pay_status text, seller_login_id "
          "text, total_amount numeric, refund_amount numeric, changed jsonb, items jsonb)) AS differing;\n"
          "SELECT count(*), count(*) FILTER (WHERE line::jsonb ? 'order_key'), "
          "count(*) FILTER (WHERE jsonb_typeof(line::jsonb -> 'order_id') <> 'string') FROM j;\n",
          on.file("changes.json").string()));
  EXPECT_EQ(on.query_file(script), "0\n50|0|0");
}

TEST_F(changes, refuse_what_is_no_number_that_was_given) {
  mirror("10");
  EXPECT_EQ(on.run({"changes", "--after", "-1"}).status.code, 2);
  EXPECT_EQ(on.run({"changes", "--after", "soon"}).status.code, 2);
  EXPECT_EQ(on.run({"changes", "--account", "nobody"}).status.code, 2);
  const auto beyond = on.run({"changes", "--after", "11", "--follow"});
  EXPECT_EQ(beyond.status.code, 2);
  EXPECT_THAT(beyond.err, HasSubstr("there is no change 11 yet: the greatest is 10"));
  EXPECT_EQ(on.run({"changes", "--after", "10"}).out, "");
}

TEST_F(changes, that_stdout_does_not_take_are_exit_code_74) {
  mirror("10");
  const auto full =
      test_support::run_process({.argv = {"sh", "-c", R"("$0" --config "$1" changes --follow > /dev/full)",
                                          stage::ordersync().string(), on.file("ordersync.yaml").string()}});
  EXPECT_EQ(full.status.code, 74) << full.err;
}

// Killed at any moment, started again with the last number that it had seen.
TEST_F(changes, are_followed_by_a_reader_that_is_killed_and_misses_and_repeats_nothing) {
  mirror("300", {"--live", "20", "--mutate", "60"});
  on.configure({.sync = "  rate: 10000\n  live: {every: 1s, settle: 1s, overlap: 5s}\n"
                        "  revisit: [{younger_than: 3650d, every: 2s}]\n"});
  auto daemon = on.start({"run"});
  std::mt19937 random(20240501);
  std::string seen, last = "0";
  const auto take = [&](const std::string& out) {
    for (const auto& line : whole_lines(out)) {
      seen += version_in(line) + "\n";
      last = seen.substr(seen.rfind('\n', seen.size() - 2) + 1);
      last = last.substr(0, last.find(' '));
    }
  };
  for (int killed = 0; killed < 12; ++killed) {
    auto reader = on.start({"changes", "--after", last, "--follow", "--json"});
    ASSERT_TRUE(reader.wait_for_stdout("\"change\":")) << reader.err();
    reader.wait(std::chrono::milliseconds{random() % 400});
    reader.signal(SIGKILL);
    ASSERT_TRUE(reader.wait().has_value());
    take(reader.out());
  }
  daemon.signal(SIGTERM);
  ASSERT_TRUE(daemon.wait().has_value());
  take(on.run({"changes", "--after", last, "--json"}).out);
  ASSERT_FALSE(seen.empty());
  seen.pop_back();
  EXPECT_EQ(seen, on.query(all_versions));
  EXPECT_EQ(on.query("SELECT count(*) FROM reporting.order_versions"),
            std::to_string(std::ranges::count(seen, '\n') + 1));
  EXPECT_GT(std::stoll(on.query("SELECT max(version) FROM reporting.order_versions")), 1);
}

TEST_F(changes, are_followed_until_a_signal) {
  mirror("10");
  for (const int signal : {SIGTERM, SIGINT}) {
    auto reader = on.start({"changes", "--follow", "--after", "9"});
    ASSERT_TRUE(reader.wait_for_stdout("10  ")) << reader.err();
    reader.signal(signal);
    const auto status = reader.wait();
    ASSERT_TRUE(status.has_value());
    EXPECT_EQ(status->code, 0) << reader.err();
    EXPECT_EQ(whole_lines(reader.out()).size(), 1U);
  }
}

TEST_F(changes, are_followed_through_a_restart_of_the_database) {
  test_support::postgres_cluster own;
  const auto name = own.create_database();
  on.use_database(own.connection_url(name), own.superuser_url(name));
  mirror("10");
  auto reader = on.start({"changes", "--follow", "--json"});
  ASSERT_TRUE(reader.wait_for_stdout("\"change\":10,")) << reader.err();
  own.stop_immediately();
  ASSERT_TRUE(reader.wait_for_stderr("continues after change 10 when the database is back")) << reader.err();
  own.start();
  ASSERT_TRUE(reader.wait_for_stderr("the database is back; continues after change 10")) << reader.err();
  on.post("/_mutate?n=30", "");
  on.run({"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", "--foreground"});
  const auto all = on.query("SELECT max(change) FROM reporting.change_numbers");
  ASSERT_GT(std::stoll(all), 10);
  ASSERT_TRUE(reader.wait_for_stdout("\"change\":" + all + ",")) << reader.err();
  reader.signal(SIGTERM);
  EXPECT_EQ(reader.wait()->code, 0);
  EXPECT_EQ(std::to_string(whole_lines(reader.out()).size()), all);
}

}  // namespace
}  // namespace ordersync::e2e
