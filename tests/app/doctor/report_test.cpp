#include "app/doctor/report.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

TEST(outcome_of, is_that_of_the_worst_failure_alone) {
  doctor_report report;
  report.checks.push_back(
      {.name = "a", .state = check_state::warning, .found = {}, .failing = setup::exit_code::database});
  report.checks.push_back({.name = "b", .state = check_state::unknown, .found = {}, .failing = setup::exit_code::api});
  EXPECT_EQ(outcome_of(report), setup::exit_code::done);
  report.checks.push_back({.name = "c", .state = check_state::failed, .found = {}, .failing = setup::exit_code::api});
  EXPECT_EQ(outcome_of(report), setup::exit_code::api);
  report.checks.push_back(
      {.name = "d", .state = check_state::failed, .found = {}, .failing = setup::exit_code::refused});
  EXPECT_EQ(outcome_of(report), setup::exit_code::refused);
  report.checks.push_back({.name = "e", .state = check_state::failed, .found = {}, .failing = setup::exit_code::usage});
  report.checks.push_back(
      {.name = "f", .state = check_state::failed, .found = {}, .failing = setup::exit_code::database});
  EXPECT_EQ(outcome_of(report), setup::exit_code::database);
}

TEST(as_yaml, nests_the_keys_as_the_configuration_does) {
  EXPECT_EQ(as_yaml({{"sync.page_size", "100", "why"},
                     {"api.timestamp_unit", "s", "because"},
                     {"sync.live.settle", "9s", "late"},
                     {"api.time_zone", "\"+08:00\"", "so"}}),
            "api:\n  time_zone: \"+08:00\"  # so\n  timestamp_unit: s  # because\nsync:\n  live:\n    settle: 9s  # "
            "late\n  page_size: 100  # why\n");
  EXPECT_EQ(as_yaml({}), "");
}

}  // namespace
}  // namespace ordersync::app::doctor
