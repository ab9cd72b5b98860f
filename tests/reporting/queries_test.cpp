// Every question of docs/queries.md, asked with a reader's rights of simulated orders that were mirrored by the real
// program while they lived on.
#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

namespace ordersync::e2e {
namespace {

struct question {
  std::string title, text, sql;
  bool may_be_empty() const { return text.find("No rows:") != std::string::npos; }
};

// A question is a heading of the second level, words, and one block of SQL.
std::vector<question> questions() {
  std::ifstream page{stage::source("docs/queries.md")};
  std::vector<question> all;
  bool in_sql = false;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("## ", 0) == 0) {
      all.push_back({line.substr(3), {}, {}});
    } else if (all.empty()) {
      continue;
    } else if (line.rfind("```", 0) == 0) {
      in_sql = line == "```sql";
    } else {
      (in_sql ? all.back().sql : all.back().text) += line + "\n";
    }
  }
  return all;
}

TEST(queries, of_the_page_are_thirty_and_each_has_an_answer) {
  stage on;
  on.start_simulator({"--seed", "7", "--orders", "3000", "--from", "2024-05-01", "--to", "2024-06-01"});
  on.configure({.top = "details: {enabled: true, share: 1, younger_than: 3650d}\n"});
  on.migrate();
  on.run({"sync"});
  for (int step = 0; step < 4; ++step) {
    on.post("/_mutate?n=2000", "");
    on.run({"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", "--foreground"});
  }
  on.run({"backfill", "create", "--details", "--from", "2024-05-01", "--to", "2024-06-01"});
  const auto read = on.run({"sync"});
  ASSERT_EQ(on.query("SELECT count(*) > 1000 FROM ordersync.order_details"), "t") << read.out << read.err;
  const auto all = questions();
  EXPECT_EQ(all.size(), 30U);
  for (const auto& asked : all) {
    const auto sql = asked.sql.substr(0, asked.sql.rfind(';'));
    const auto rows = on.query("SET ROLE ordersync_reader; SELECT count(*) FROM (" + sql + ") answer");
    const auto count = rows.substr(rows.rfind('\n') + 1);
    EXPECT_TRUE(std::regex_match(count, std::regex{"[0-9]+"})) << asked.title << ": " << rows;
    EXPECT_TRUE(asked.may_be_empty() || count != "0") << asked.title;
    RecordProperty(fmt::format("rows of {}", asked.title.substr(0, asked.title.find('.'))), count);
  }
}

TEST(queries, what_the_configuration_says_reaches_the_views) {
  stage on;
  on.configure({.api = "  time_zone: \"-05:00\"\n"});
  on.migrate();
  EXPECT_EQ(on.query("SELECT reporting.api_day('2024-05-07T04:59:59Z')"), "2024-05-06");
  EXPECT_EQ(on.query("SELECT sync_start AT TIME ZONE 'UTC', grace FROM ordersync.mirror_settings"),
            "2024-05-01 05:00:00|00:10:05");
  on.configure();
  on.migrate();
  EXPECT_EQ(on.query("SELECT reporting.api_day('2024-05-07T15:59:59Z'), reporting.api_day('2024-05-07T16:00:00Z')"),
            "2024-05-07|2024-05-08");
  EXPECT_EQ(on.query("SELECT sync_start AT TIME ZONE 'UTC' FROM ordersync.mirror_settings"), "2024-04-30 16:00:00");
}

}  // namespace
}  // namespace ordersync::e2e
