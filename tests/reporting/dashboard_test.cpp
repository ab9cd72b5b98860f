// docs/grafana/orders.json: every question of it is asked with a reader's rights, as Grafana would.
#include "reporting_fixture.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace ordersync::reporting_test {
namespace {

namespace json = boost::json;
using ordersync::store_test::sample_order;

class orders_dashboard : public reporting_test {
 protected:
  static json::object read() {
    std::ifstream in{std::filesystem::path{ORDERSYNC_SOURCE_DIR} / "docs/grafana/orders.json"};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return json::parse(text).as_object();
  }
  // What Grafana puts in their places.
  static std::string filled(std::string sql) {
    for (const auto& [macro, value] :
         std::initializer_list<std::pair<std::string, std::string>>{{"$__timeFrom()", "'2024-05-01T00:00:00Z'"},
                                                                    {"$__timeTo()", "'2024-05-31T00:00:00Z'"},
                                                                    {"$account", "'main','second'"}})
      for (auto at = sql.find(macro); at != std::string::npos; at = sql.find(macro))
        sql.replace(at, macro.size(), value);
    return sql;
  }
};

TEST_F(orders_dashboard, asks_only_what_a_reader_may_and_shows_ids_as_texts) {
  auto unpaid = sample_order(2);
  unpaid.order_status = 1;
  store_orders({sample_order(1), unpaid});
  execute(
      "INSERT INTO ordersync.order_details (order_id, paid_at, _account, _first_seen_at, _changed_at, _observed_at, "
      "_version, _content_hash) VALUES (1, '2024-05-10', 'main', now(), now(), now(), 1, '')");
  int asked = 0;
  const auto dashboard = read();
  for (const auto& panel : dashboard.at("panels").as_array()) {
    if (panel.at("type").as_string() == "row") continue;
    for (const auto& target : panel.at("targets").as_array()) {
      EXPECT_EQ(target.at("datasource").at("uid").as_string(), "${source}");
      const auto sql = filled(std::string{target.at("rawSql").as_string()});
      EXPECT_EQ(sql.find('$'), std::string::npos) << sql;
      EXPECT_EQ(refused_as("ordersync_reader", sql), "") << sql;
      if (target.at("format").as_string() == "time_series") {
        EXPECT_EQ(value("SELECT pg_typeof(time) FROM (" + sql + ") t LIMIT 1"), "timestamp with time zone") << sql;
      }
      ++asked;
    }
  }
  EXPECT_GT(asked, 15);
  const auto& variables = dashboard.at("templating").at("list").as_array();
  EXPECT_EQ(refused_as("ordersync_reader", std::string{variables.back().at("query").as_string()}), "");
}

TEST_F(orders_dashboard, has_panels_with_ids_of_their_own_that_do_not_overlap) {
  std::set<std::int64_t> ids;
  std::set<std::pair<std::int64_t, std::int64_t>> taken;
  const auto dashboard = read();
  for (const auto& panel : dashboard.at("panels").as_array()) {
    EXPECT_TRUE(ids.insert(panel.at("id").as_int64()).second);
    const auto& place = panel.at("gridPos");
    for (auto x = place.at("x").as_int64(); x < place.at("x").as_int64() + place.at("w").as_int64(); ++x)
      for (auto y = place.at("y").as_int64(); y < place.at("y").as_int64() + place.at("h").as_int64(); ++y) {
        EXPECT_LT(x, 24);
        EXPECT_TRUE(taken.insert({x, y}).second) << panel.at("title");
      }
  }
}

}  // namespace
}  // namespace ordersync::reporting_test
