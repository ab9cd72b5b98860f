#include "service/metrics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

namespace ordersync::service {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string text_of(const std::string& path) {
  std::ifstream in{std::filesystem::path{ORDERSYNC_SOURCE_DIR} / path, std::ios::binary};
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>{in}, {}};
}

// Names of metrics in a text, the parts of a histogram by its own name.
std::set<std::string> names_in(const std::string& text) {
  std::set<std::string> names;
  const std::regex word{R"(\bordersync_\w+)"};
  for (auto it = std::sregex_iterator(text.begin(), text.end(), word); it != std::sregex_iterator(); ++it)
    names.insert(std::regex_replace(it->str(), std::regex{"_seconds_(bucket|sum|count)$"}, "_seconds"));
  return names;
}

std::set<std::string> known_names() {
  std::set<std::string> names;
  for (const auto& info : all_metrics()) names.emplace(info.name);
  return names;
}

std::vector<std::string> unknown_in(const std::string& path) {
  std::vector<std::string> unknown;
  std::ranges::set_difference(names_in(text_of(path)), known_names(), std::back_inserter(unknown));
  return unknown;
}

TEST(metric_table, is_in_the_order_of_its_names_and_names_each_once) {
  for (std::size_t i = 0; i < all_metrics().size(); ++i) EXPECT_EQ(all_metrics()[i].id, metric{i});
  EXPECT_EQ(known_names().size(), all_metrics().size());
}

TEST(metric_table, keeps_the_conventions) {
  for (const auto& info : all_metrics()) {
    EXPECT_TRUE(info.name.starts_with("ordersync_"));
    EXPECT_EQ(info.name.ends_with("_total"), info.type == metric_type::counter) << info.name;
    EXPECT_EQ(info.name.ends_with("_seconds"), info.unit.starts_with("seconds")) << info.name;
    EXPECT_TRUE(info.help.ends_with('.')) << info.name;
  }
}

TEST(metrics, are_left_out_until_they_are_known) {
  EXPECT_EQ(metrics{}.text({}), "");
}

TEST(metrics, are_written_in_the_text_format) {
  metrics one;
  one.add(metric::windows, {"main", "live", "proven"});
  one.add(metric::windows, {"main", "live", "proven"}, 2);
  one.add(metric::windows, {"main", "live", "split"}, 0);
  one.observe(metric::commit_duration, {"main"}, 0.3);
  const auto text = one.text({{metric::complete_through, {"main"}, 1'715'000'400}});
  EXPECT_THAT(text, AllOf(HasSubstr("# TYPE ordersync_windows_total counter\n"),
                          HasSubstr("ordersync_windows_total{account=\"main\",kind=\"live\",outcome=\"proven\"} 3\n"),
                          HasSubstr("ordersync_windows_total{account=\"main\",kind=\"live\",outcome=\"split\"} 0\n"),
                          HasSubstr("ordersync_commit_duration_seconds_bucket{account=\"main\",le=\"0.25\"} 0\n"),
                          HasSubstr("ordersync_commit_duration_seconds_bucket{account=\"main\",le=\"0.5\"} 1\n"),
                          HasSubstr("# TYPE ordersync_complete_through_timestamp_seconds gauge\n"),
                          HasSubstr("ordersync_complete_through_timestamp_seconds{account=\"main\"} 1715000400\n")));
}

TEST(metrics, forget_a_gauge_that_is_not_brought_again) {
  metrics one;
  EXPECT_THAT(one.text({{metric::job_orders, {"main", "7"}, 12}}), HasSubstr("job=\"7\""));
  EXPECT_THAT(one.text({}), Not(HasSubstr("job")));
}

TEST(metrics, are_all_described_in_the_manual) {
  const auto page = text_of("docs/metrics.md");
  for (const auto& info : all_metrics()) {
    const auto labels = info.labels.empty() ? "-" : fmt::format("`{}`", fmt::join(info.labels, "`, `"));
    EXPECT_THAT(page, HasSubstr(fmt::format("| `{}` | {} | {} | {} | {} |\n", info.name, name(info.type), info.unit,
                                            labels, info.help)));
  }
  EXPECT_THAT(unknown_in("docs/metrics.md"), IsEmpty());
}

TEST(metrics, that_dashboard_and_alerts_name_are_there) {
  for (const auto* path :
       {"docs/grafana/ordersync.json", "docs/prometheus/alerts.yml", "docs/prometheus/alerts_test.yml"}) {
    EXPECT_GT(names_in(text_of(path)).size(), 10U) << path;
    EXPECT_THAT(unknown_in(path), IsEmpty()) << path;
  }
}

TEST(metrics, are_all_on_the_dashboard) {
  const auto shown = names_in(text_of("docs/grafana/ordersync.json"));
  for (const auto& info : all_metrics()) EXPECT_TRUE(shown.contains(std::string{info.name})) << info.name;
}

}  // namespace
}  // namespace ordersync::service
