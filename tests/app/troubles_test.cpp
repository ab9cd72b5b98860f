#include "app/troubles.hpp"

#include <gtest/gtest.h>

namespace ordersync::app {
namespace {

using namespace std::chrono_literals;
using core::severity;

const core::instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

TEST(troubles, keeps_warnings_and_errors_alone) {
  troubles list;
  list.add(noon, severity::info, "leading", {});
  list.add(noon, severity::warning, "window_gap", {{"account", "main"}});
  list.add(noon + 1s, severity::error, "reload_refused", {});
  const auto told = list.latest();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].event, "reload_refused");
  EXPECT_EQ(told[1].fields.at(0), (std::pair<std::string, std::string>{"account", "main"}));
}

TEST(troubles, repeated_ones_are_one_with_a_count_and_the_last_fields) {
  troubles list;
  list.add(noon, severity::warning, "request_retry", {{"account", "main"}, {"failure", "refused"}, {"attempt", 1}});
  list.add(noon + 1s, severity::warning, "window_gap", {{"account", "main"}});
  list.add(noon + 2s, severity::warning, "request_retry",
           {{"account", "main"}, {"failure", "refused"}, {"attempt", 2}});
  list.add(noon + 3s, severity::warning, "request_retry", {{"account", "other"}, {"failure", "refused"}});
  list.add(noon + 4s, severity::warning, "request_retry", {{"account", "main"}, {"failure", "unreachable"}});
  const auto told = list.latest();
  ASSERT_EQ(told.size(), 4U);
  EXPECT_EQ(told[2].event, "request_retry");
  EXPECT_EQ(told[2].count, 2);
  EXPECT_EQ(told[2].first_at, noon);
  EXPECT_EQ(told[2].last_at, noon + 2s);
  EXPECT_EQ(told[2].fields.back().second, "2");
}

TEST(troubles, are_bounded) {
  troubles list;
  for (int i = 0; i < 200; ++i)
    list.add(noon, severity::error, "event_" + std::to_string(i), {{"x", std::string(9'999, 'y')}});
  const auto told = list.latest();
  EXPECT_EQ(told.size(), troubles::most);
  EXPECT_EQ(told.front().event, "event_199");
  EXPECT_LE(told.front().fields.at(0).second.size(), troubles::longest_field + 3);
}

TEST(troubles, no_character_is_cut_in_two) {
  troubles list;
  std::string text;
  while (text.size() < 2 * troubles::longest_field) text += "订";
  list.add(noon, severity::error, "e", {{"x", text}});
  EXPECT_EQ(list.latest().at(0).fields.at(0).second.size() % 3, 0U);
}

}  // namespace
}  // namespace ordersync::app
