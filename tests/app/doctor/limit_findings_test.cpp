#include "app/doctor/limit_findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t a_day = 86'400;  // seconds

tried_account well() {
  return {.account = "main", .wanted = 400 * 24h};
}

check check_of(const tried_account& of, std::string_view name) {
  for (auto& one : assess_evidence(of))
    if (one.name == name) return one;
  return {};
}

TEST(assess_evidence, is_content_with_an_api_that_answers_in_full) {
  for (const auto& one : assess_evidence(well())) {
    EXPECT_EQ(one.state, check_state::ok) << one.name;
    EXPECT_EQ(one.account, "main");
    EXPECT_TRUE(one.cure.empty()) << one.name;
  }
  EXPECT_EQ(check_of(well(), "long_ranges").found, "the API answers ranges of 400 d in full");
}

TEST(assess_evidence, names_each_limit_with_how_it_was_found_and_leaves_the_rest_well) {
  const auto limited = [](std::string limit, std::int64_t value, std::string_view name) {
    auto tried = well();
    tried.report.limits = {{std::move(limit), value, "so it was found"}};
    const auto one = check_of(tried, name);
    EXPECT_EQ(one.state, check_state::warning) << name;
    EXPECT_FALSE(one.cure.empty()) << name;
    EXPECT_EQ(check_of(tried, "filter").state, check_state::ok);
    return one.found;
  };
  EXPECT_EQ(limited("longest_range", 7 * a_day, "long_ranges"),
            "the API answers ranges in full only up to 7 d: so it was found");
  EXPECT_EQ(limited("nearest_end", 120, "near_now"),
            "the API refuses ranges that end later than 2 min before now: so it was found");
  EXPECT_EQ(limited("total", 1'000, "counts"),
            "counts stop at 1000 orders, and the orders beyond are not returned: so it was found");
  EXPECT_EQ(
      limited("by_status", 1, "all_statuses"),
      "lists without a status filter leave orders out, so orders are requested status by status: so it was found");
}

TEST(assess_evidence, a_limit_that_is_gone_is_none) {
  auto tried = well();
  tried.report.limits = {{"nearest_end", std::nullopt, "the API answered a range that ends now"}};
  EXPECT_EQ(check_of(tried, "near_now").state, check_state::ok);
}

TEST(assess_evidence, a_filter_that_fails_leaves_the_rest_unknown_and_names_the_setting) {
  auto tried = well();
  tried.report.open = "its time zone seems to be 1 h 00 min ahead of api.time_zone (+08:00): set it to +09:00";
  EXPECT_EQ(check_of(tried, "filter").state, check_state::failed);
  EXPECT_EQ(check_of(tried, "filter").failing, setup::exit_code::usage);
  EXPECT_NE(check_of(tried, "filter").cure.find("api.time_zone"), std::string::npos);
  for (const auto* name : {"near_now", "long_ranges", "counts", "all_statuses"})
    EXPECT_EQ(check_of(tried, name).state, check_state::unknown) << name;
  tried.report.open = "it does not filter by the exact times requested";
  EXPECT_EQ(check_of(tried, "filter").failing, setup::exit_code::api);
  tried.report.open = "no order is known to test the API's filter with";
  EXPECT_EQ(check_of(tried, "filter").state, check_state::unknown);
}

TEST(assess_evidence, what_could_not_be_tried_is_unknown) {
  auto tried = well();
  tried.broken = core::make_error(core::failure::unreachable, "no answer in time");
  for (const auto& one : assess_evidence(tried)) {
    EXPECT_EQ(one.state, check_state::unknown);
    EXPECT_EQ(one.found, "no answer in time");
  }
}

TEST(assess_known_limits, reports_what_is_kept_and_what_is_set) {
  EXPECT_EQ(assess_known_limits("main", {}).found, "none found by the mirror, none set in api.limits");
  const auto one = assess_known_limits(
      "main", {{{.name = "longest_range", .value = 604'800}}, {{.name = "total", .value = 9}, true}});
  EXPECT_EQ(one.found, "longest_range 7 d (since 1970-01-01T00:00:00Z); total 9 orders (set by api.limits)");
  EXPECT_EQ(one.state, check_state::ok);
}

}  // namespace
}  // namespace ordersync::app::doctor
