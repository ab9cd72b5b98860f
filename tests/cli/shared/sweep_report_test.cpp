#include "cli/shared/sweep_report.hpp"

#include <gtest/gtest.h>

namespace ordersync::cli::shared {
namespace {

using app::setup::exit_code;

TEST(outcome, is_done_when_everything_is_proven) {
  app::tasks::account_result result;
  result.progress.windows_proven = 3;
  EXPECT_EQ(outcome_of(result, {}), exit_code::done);
}

TEST(outcome, is_incomplete_with_a_gap_or_something_in_quarantine) {
  app::tasks::account_result result;
  result.progress.windows_proven = 3;
  result.progress.gaps = 1;
  EXPECT_EQ(outcome_of(result, {}), exit_code::incomplete);
  result.progress.gaps = 0;
  result.quarantine.open = 1;
  EXPECT_EQ(outcome_of(result, {}), exit_code::incomplete);
  result.quarantine = {.accepted = 1, .accepted_kinds = 1};
  EXPECT_EQ(outcome_of(result, {}), exit_code::done) << "it is accepted";
}

TEST(outcome, is_incomplete_where_proof_was_taken_back_without_a_gap_in_the_sweep) {
  app::tasks::account_result result;
  result.progress.windows_proven = 3;
  EXPECT_EQ(outcome_of(result, {{"an audit", 1, std::chrono::hours{1}}}), exit_code::incomplete);
}

TEST(unproven, is_summed_up_by_its_reasons) {
  using namespace std::chrono_literals;
  const core::second noon{std::chrono::seconds{1'715'054'400}};
  store::reports::coverage_report report;
  report.gaps = {{{noon, noon + 1h}, "the API is confirmed to answer ranges in full up to 7 d", noon},
                 {{noon + 2h, noon + 5h}, "the total changed", noon},
                 {{noon + 6h, noon + 9h}, "the API is confirmed to answer ranges in full up to 7 d", noon},
                 {{noon + 9h, noon + 99h}, "", std::nullopt}};
  const auto sums = unproven_by_reason(report);
  ASSERT_EQ(sums.size(), 2U) << "what was never read is no gap that was left";
  EXPECT_EQ(sums[0].reason, "the API is confirmed to answer ranges in full up to 7 d");
  EXPECT_EQ(sums[0].gaps, 2);
  EXPECT_EQ(sums[0].length, 4h);
  EXPECT_EQ(sums[1].length, 3h);
}

TEST(outcome, is_what_stopped_it) {
  app::tasks::account_result result;
  result.stopped_by = core::make_error(core::failure::refused, "");
  EXPECT_EQ(outcome_of(result, {}), exit_code::refused);
}

TEST(outcome, of_an_api_that_nobody_understands_is_an_api_that_fails) {
  app::tasks::account_result result;
  result.progress.gaps = 1;
  result.last_failure = core::make_error(core::failure::unusable_reply, "");
  EXPECT_EQ(outcome_of(result, {}), exit_code::api);
}

}  // namespace
}  // namespace ordersync::cli::shared
