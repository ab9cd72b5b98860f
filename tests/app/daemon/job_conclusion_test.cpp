#include "app/daemon/job_conclusion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::app::daemon {
namespace {

using ::testing::HasSubstr;

core::second at(std::int64_t s) {
  return core::second{std::chrono::seconds{s}};
}

store::jobs::backfill_job with_left(std::vector<core::window> left) {
  store::jobs::backfill_job job;
  job.left = std::move(left);
  return job;
}

TEST(job_conclusion, a_job_is_over_when_all_that_is_left_is_still_to_come) {
  EXPECT_TRUE(is_over(with_left({}), at(100), at(110)));
  EXPECT_FALSE(is_over(with_left({{at(50), at(200)}}), at(100), at(110))) << "a part can be read";
  EXPECT_FALSE(is_over(with_left({{at(100), at(109)}}), at(100), at(110))) << "it can be read in a moment";
  EXPECT_TRUE(is_over(with_left({{at(100), at(200)}}), at(100), at(110)));
}

TEST(job_conclusion, it_is_done_when_nothing_is_left_and_incomplete_for_what_is) {
  EXPECT_EQ(conclusion_of(with_left({})).state, store::jobs::job_state::done);
  EXPECT_EQ(conclusion_of(with_left({})).reason, "");
  auto job = with_left({{at(100), at(200)}});
  EXPECT_EQ(conclusion_of(job).state, store::jobs::job_state::incomplete);
  EXPECT_THAT(conclusion_of(job).reason, HasSubstr("1970-01-01T00:01:40Z"));
  job.gaps = 3;
  EXPECT_EQ(conclusion_of(job).state, store::jobs::job_state::incomplete);
  EXPECT_THAT(conclusion_of(job).reason, HasSubstr("3 windows"));
}

}  // namespace
}  // namespace ordersync::app::daemon
