#include "cli/text/progress.hpp"

#include <gtest/gtest.h>

namespace ordersync::cli::text {
namespace {

using namespace std::chrono_literals;

TEST(progress, shows_windows_orders_rate_and_time_left) {
  sync::sweep::sweep_progress p;
  p.windows_proven = 12;
  p.orders = 8400;
  p.expected_orders = 20000;
  EXPECT_EQ(progress_line::text("main", p, 4s), "main: 12 windows, 8400 of about 20000 orders, 2100/s, about 6 s left");
}

TEST(progress, shows_what_is_not_proven) {
  sync::sweep::sweep_progress p;
  p.gaps = 2;
  EXPECT_EQ(progress_line::text("main", p, 1s), "main: 2 windows, 0 of about 0 orders, 0/s, 2 not proven");
}

TEST(progress, does_not_promise_less_than_is_there_already) {
  sync::sweep::sweep_progress p;
  p.orders = 110;
  p.expected_orders = 100;
  EXPECT_EQ(progress_line::text("main", p, 1s), "main: 0 windows, 110 of about 110 orders, 110/s");
}

TEST(progress, of_a_job_is_a_bar_by_the_time_that_is_left_of_its_range) {
  store::jobs::backfill_job job;
  job.id = 7;
  job.account = "main";
  job.state = store::jobs::job_state::running;
  job.range = {core::second{0s}, core::second{1000s}};
  job.left = {{core::second{250s}, core::second{1000s}}};
  job.windows_proven = 12;
  job.orders = 8'400;
  job.expected_orders = 20'000;
  EXPECT_EQ(progress_line::text(job, 400, 4s),
            "backfill 7: [#####---------------]  25 % of main, 12 windows, 8400 of about 20000 orders, 2000/s, about 6 "
            "s left");
  job.state = store::jobs::job_state::paused;
  EXPECT_NE(progress_line::text(job, 400, 4s).find("of main, paused, 12"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::cli::text
