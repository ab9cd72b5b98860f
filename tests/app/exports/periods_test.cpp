// An export in several files: which months and days, and what they are called.
#include "app/exports/periods.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::exports {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

core::second utc(int month, int day, int hour = 0) {
  return sys_days{std::chrono::year{2026} / month / day} + std::chrono::hours{hour};
}

TEST(periods, are_the_whole_months_of_the_zone_that_a_range_touches) {
  const auto months = periods_of({utc(4, 30, 16), utc(6, 3)}, split::month, 480min);
  EXPECT_EQ(months, (std::vector<period>{{{utc(4, 30, 16), utc(5, 31, 16)}, "2026-05"},
                                         {{utc(5, 31, 16), utc(6, 30, 16)}, "2026-06"}}));
}

TEST(periods, end_before_the_end_of_the_range_which_it_does_not_include) {
  EXPECT_EQ(periods_of({utc(5, 10), utc(6, 1)}, split::month, 0min).size(), 1U);
  EXPECT_EQ(periods_of({utc(5, 10), utc(6, 1) + 1s}, split::month, 0min).size(), 2U);
}

TEST(periods, go_over_the_end_of_a_year) {
  const auto months = periods_of({utc(12, 31), utc(12, 31) + 48h}, split::month, 0min);
  ASSERT_EQ(months.size(), 2U);
  EXPECT_EQ(months.front().name, "2026-12");
  EXPECT_EQ(months.back().name, "2027-01");
}

TEST(periods, may_be_days_of_a_zone_west_of_greenwich) {
  const auto days = periods_of({utc(3, 1, 4), utc(3, 1, 6)}, split::day, -300min);
  EXPECT_EQ(days, (std::vector<period>{{{utc(2, 28, 5), utc(3, 1, 5)}, "2026-02-28"},
                                       {{utc(3, 1, 5), utc(3, 2, 5)}, "2026-03-01"}}));
}

TEST(files_of_periods, are_in_a_directory_or_where_the_pattern_says) {
  const period may{{}, "2026-05"};
  EXPECT_EQ(file_of("out/", "orders", "csv", may), "out/orders-2026-05.csv");
  EXPECT_EQ(file_of("out", "orders", "csv", may), "out/orders-2026-05.csv");
  EXPECT_EQ(file_of("out/all {}.txt", "orders", "csv", may), "out/all 2026-05.txt");
  EXPECT_EQ(incomplete_name("out/orders-2026-05.csv"), "out/orders-2026-05.incomplete.csv");
}

TEST(files_of_periods, are_several_for_a_directory_or_a_pattern) {
  EXPECT_TRUE(names_several("out/"));
  EXPECT_TRUE(names_several("/tmp"));
  EXPECT_TRUE(names_several("orders-{}.csv"));
  EXPECT_FALSE(names_several("orders.csv"));
  EXPECT_FALSE(names_several(""));
}

}  // namespace
}  // namespace ordersync::app::exports
