#include "app/tasks/limits.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::tasks {
namespace {

constexpr std::int64_t a_day = 86'400;  // seconds

TEST(limit_text, is_in_the_units_of_people) {
  EXPECT_EQ(limit_text("longest_range", 7 * a_day), "7 d");
  EXPECT_EQ(limit_text("nearest_end", 120), "2 min before now");
  EXPECT_EQ(limit_text("page_size", 20), "20 orders");
  EXPECT_EQ(limit_text("total", 10'000), "10000 orders");
  EXPECT_EQ(limit_text("by_status", 1), "orders are requested status by status");
  EXPECT_EQ(limit_text("rate", 4'500), "4.5 requests a second");
}

}  // namespace
}  // namespace ordersync::app::tasks
