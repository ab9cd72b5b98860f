#include "app/telemetry/recent_problems.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::telemetry {
namespace {

using namespace std::chrono_literals;
using core::severity;

const core::instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

struct recent_problems_list : ::testing::Test {
  core::instant now = noon;
  recent_problems list{"me", [this] { return now; }};
  void add(core::instant at, severity level, std::string_view event, std::initializer_list<core::log_field> fields) {
    now = at;
    list.event(level, event, fields);
  }
};

TEST_F(recent_problems_list, keeps_warnings_and_errors_alone) {
  add(noon, severity::info, "leading", {});
  add(noon, severity::warning, "window_gap", {{"account", "main"}});
  add(noon + 1s, severity::error, "reload_refused", {});
  const auto latest = list.latest();
  ASSERT_EQ(latest.size(), 2U);
  EXPECT_EQ(latest[0].event, "reload_refused");
  EXPECT_EQ(latest[1].fields.at(0), (std::pair<std::string, std::string>{"account", "main"}));
}

TEST_F(recent_problems_list, repeated_ones_are_one_with_a_count_and_the_last_fields) {
  add(noon, severity::warning, "request_retry", {{"account", "main"}, {"failure", "refused"}, {"attempt", 1}});
  add(noon + 1s, severity::warning, "window_gap", {{"account", "main"}});
  add(noon + 2s, severity::warning, "request_retry", {{"account", "main"}, {"failure", "refused"}, {"attempt", 2}});
  add(noon + 3s, severity::warning, "request_retry", {{"account", "other"}, {"failure", "refused"}});
  add(noon + 4s, severity::warning, "request_retry", {{"account", "main"}, {"failure", "unreachable"}});
  const auto latest = list.latest();
  ASSERT_EQ(latest.size(), 4U);
  EXPECT_EQ(latest[2].event, "request_retry");
  EXPECT_EQ(latest[2].count, 2);
  EXPECT_EQ(latest[2].first_at, noon);
  EXPECT_EQ(latest[2].last_at, noon + 2s);
  EXPECT_EQ(latest[2].fields.back().second, "2");
}

TEST_F(recent_problems_list, are_bounded) {
  for (int i = 0; i < 200; ++i)
    add(noon, severity::error, "event_" + std::to_string(i), {{"x", std::string(9'999, 'y')}});
  const auto latest = list.latest();
  EXPECT_EQ(latest.size(), recent_problems::most);
  EXPECT_EQ(latest.front().event, "event_199");
  EXPECT_LE(latest.front().fields.at(0).second.size(), recent_problems::longest_field + 3);
}

TEST_F(recent_problems_list, those_that_came_after_others_can_be_asked_for) {
  add(noon, severity::warning, "first", {});
  add(noon, severity::warning, "second", {});
  const auto seen = list.total();
  EXPECT_TRUE(list.since(seen).empty());
  add(noon + 1s, severity::warning, "first", {});
  ASSERT_EQ(list.since(seen).size(), 1U);
  EXPECT_EQ(list.since(seen).at(0).event, "first");
  EXPECT_EQ(list.since(seen).at(0).count, 2);
  EXPECT_EQ(list.since(seen).at(0).instance, "me");
  EXPECT_EQ(list.latest().size(), 2U);
}

TEST_F(recent_problems_list, texts_hold_no_control_characters_and_nothing_that_is_not_known) {
  add(noon, severity::error, "e",
      {{"path", std::string_view("a\"\0\n\xFF"
                                 "b",
                                 6)},
       {"account", ""}});
  ASSERT_EQ(list.latest().at(0).fields.size(), 1U);
  EXPECT_EQ(list.latest().at(0).fields.at(0).second,
            "a\"\\u0000\\n\xEF\xBF\xBD"
            "b");
}

TEST_F(recent_problems_list, no_character_is_cut_in_two) {
  std::string text;
  while (text.size() < 2 * recent_problems::longest_field) text += "订";
  add(noon, severity::error, "e", {{"x", text}});
  EXPECT_EQ(list.latest().at(0).fields.at(0).second.size() % 3, 0U);
}

}  // namespace
}  // namespace ordersync::app::telemetry
