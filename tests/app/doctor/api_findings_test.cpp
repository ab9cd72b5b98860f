#include "app/doctor/api_findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;
using config::unused_filters;
using core::failure;

TEST(assess_zone, suggests_the_zone_that_is_right) {
  EXPECT_EQ(assess_zone(8h, 8h, true).what.state, check_state::ok);
  EXPECT_EQ(assess_zone(std::nullopt, 8h, true).what.state, check_state::unknown);
  EXPECT_EQ(assess_zone(std::nullopt, 8h, false).what.state, check_state::unknown);
  const auto wrong = assess_zone(8h, 0h, true);
  EXPECT_EQ(wrong.what.state, check_state::failed);
  EXPECT_EQ(wrong.advice.at(0).value, "\"+08:00\"");
}

config::sync_settings pages_of(int size) {
  config::sync_settings sync;
  sync.page_size = size;
  sync.max_window_orders = 2000;
  return sync;
}

core::result<std::int64_t> refused() {
  return core::make_error(failure::unusable_reply, "code 40003");
}

TEST(assess_page_size, suggests_the_largest_that_is_honoured) {
  const auto found = assess_page_size({{20, 900, 20}, {50, 900, 50}, {100, 900, 100}, {200, 900, 120}}, pages_of(50));
  EXPECT_EQ(found.what.state, check_state::ok) << found.what.found;
  EXPECT_EQ(found.advice.at(0).value, "120");
  EXPECT_TRUE(assess_page_size({{20, 900, 20}, {50, 900, 50}, {100, 900, 80}}, pages_of(50)).advice.empty());
}

TEST(assess_page_size, warns_when_pages_are_cut_and_fails_when_they_are_refused) {
  const auto cut = assess_page_size({{20, 900, 20}, {50, 900, 30}}, pages_of(50));
  EXPECT_EQ(cut.what.state, check_state::warning);
  EXPECT_EQ(cut.advice.at(0).value, "30");
  const auto fewer = assess_page_size({{20, 900, 20}, {50, 900, 50}, {100, 900, 20}}, pages_of(100));
  EXPECT_EQ(fewer.advice.at(0).value, "50");
  const auto no = assess_page_size({{20, 900, 20}, {50, 900, refused()}}, pages_of(50));
  EXPECT_EQ(no.what.state, check_state::failed);
  EXPECT_EQ(no.advice.at(0).value, "20");
}

TEST(assess_page_size, is_unknown_with_too_few_orders) {
  EXPECT_EQ(assess_page_size({{20, 0, 0}}, pages_of(50)).what.state, check_state::unknown);
  EXPECT_EQ(assess_page_size({{20, 7, 7}}, pages_of(50)).what.state, check_state::unknown);
  EXPECT_EQ(assess_page_size({{20, 30, 20}}, pages_of(50)).what.state, check_state::unknown) << "50 was not tried";
  EXPECT_EQ(assess_page_size({{20, 30, 20}}, pages_of(20)).what.state, check_state::ok);
}

TEST(assess_unused, finds_the_way_that_shows_all_orders) {
  const auto found = [](core::result<std::int64_t> omit, core::result<std::int64_t> null,
                        std::optional<std::int64_t> sum) {
    return assess_unused(
        {{unused_filters::omit, omit}, {unused_filters::null, null}, {unused_filters::empty, refused()}}, sum,
        unused_filters::omit);
  };
  EXPECT_EQ(found(30, 30, 30).what.state, check_state::ok);
  EXPECT_TRUE(found(30, 30, 30).advice.empty());
  EXPECT_EQ(found(12, 30, 30).what.state, check_state::failed);
  EXPECT_EQ(found(12, 30, 30).advice.at(0).value, "null");
  EXPECT_EQ(found(refused(), 30, 30).advice.at(0).value, "null");
  EXPECT_EQ(found(12, 12, 30).what.state, check_state::warning) << "no way shows all, and the mirror lives with it";
  EXPECT_EQ(found(refused(), refused(), 30).what.state, check_state::failed) << "no way at all";
  EXPECT_TRUE(found(12, 12, 30).advice.empty());
  EXPECT_EQ(found(30, 30, 28).what.state, check_state::warning) << "a status beyond the documented ones";
  EXPECT_EQ(found(30, 30, std::nullopt).what.state, check_state::unknown);
  EXPECT_EQ(found(0, 0, std::nullopt).what.state, check_state::unknown);
  EXPECT_EQ(found(core::make_error(failure::unreachable, "cut"), 30, 30).what.state, check_state::unknown)
      << "no answer is no refusal";
}

}  // namespace
}  // namespace ordersync::app::doctor
