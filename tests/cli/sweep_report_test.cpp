#include "cli/sweep_report.hpp"

#include <gtest/gtest.h>

namespace ordersync::cli {
namespace {

using app::exit_code;

TEST(outcome, is_done_when_everything_is_proven) {
  app::account_result result;
  result.progress.windows_proven = 3;
  EXPECT_EQ(outcome_of(result), exit_code::done);
}

TEST(outcome, is_incomplete_with_a_gap_or_something_in_quarantine) {
  app::account_result result;
  result.progress.windows_proven = 3;
  result.progress.gaps = 1;
  EXPECT_EQ(outcome_of(result), exit_code::incomplete);
  result.progress.gaps = 0;
  result.open_quarantine = 1;
  EXPECT_EQ(outcome_of(result), exit_code::incomplete);
}

TEST(outcome, is_what_stopped_it) {
  app::account_result result;
  result.stopped_by = core::make_error(core::failure::refused, "");
  EXPECT_EQ(outcome_of(result), exit_code::refused);
}

TEST(outcome, of_an_api_that_nobody_understands_is_an_api_that_fails) {
  app::account_result result;
  result.progress.gaps = 1;
  result.last_failure = core::make_error(core::failure::unusable_reply, "");
  EXPECT_EQ(outcome_of(result), exit_code::api);
}

}  // namespace
}  // namespace ordersync::cli
