// The dashboard is JSON that Grafana takes: panels with ids of their own, queries with a data source, none over
// another.

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace ordersync::service {
namespace {

namespace json = boost::json;

json::array panels() {
  std::ifstream in{std::filesystem::path{ORDERSYNC_SOURCE_DIR} / "docs/grafana/ordersync.json"};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  return json::parse(text).at("panels").as_array();
}

TEST(dashboard, has_panels_that_ask_something_and_do_not_overlap) {
  std::set<std::int64_t> ids;
  std::set<std::pair<std::int64_t, std::int64_t>> taken;
  for (const auto& panel : panels()) {
    const auto title = std::string{panel.at("title").as_string()};
    EXPECT_TRUE(ids.insert(panel.at("id").as_int64()).second) << title;
    const auto& place = panel.at("gridPos");
    const auto left = place.at("x").as_int64();
    const auto top = place.at("y").as_int64();
    EXPECT_LE(left + place.at("w").as_int64(), 24) << title;
    for (auto x = left; x < left + place.at("w").as_int64(); ++x)
      for (auto y = top; y < top + place.at("h").as_int64(); ++y) EXPECT_TRUE(taken.insert({x, y}).second) << title;
    if (panel.at("type").as_string() == "row") continue;
    ASSERT_FALSE(panel.at("targets").as_array().empty()) << title;
    for (const auto& target : panel.at("targets").as_array()) {
      EXPECT_FALSE(target.at("expr").as_string().empty()) << title;
      EXPECT_EQ(target.at("datasource").at("uid").as_string(), "${source}") << title;
    }
  }
  EXPECT_GT(ids.size(), 15U);
}

}  // namespace
}  // namespace ordersync::service
