#include "app/tasks/backfills.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::tasks {
namespace {

config::sync_settings usual() {
  config::sync_settings sync;
  sync.page_size = 50;
  sync.max_window_orders = 2000;
  return sync;
}

TEST(backfills, nothing_costs_one_call_and_one_page_too) {
  EXPECT_EQ(calls_for(0, usual()), 1);
  EXPECT_EQ(calls_for(50, usual()), 1);
}

TEST(backfills, a_window_of_several_pages_is_confirmed) {
  EXPECT_EQ(calls_for(51, usual()), 3);
}

TEST(backfills, many_orders_cost_their_pages_and_some_for_each_window) {
  EXPECT_EQ(calls_for(60'000, usual()), 1200 + 88);
}

TEST(until, keeps_what_ends_in_time) {
  const auto at = [](int s) { return core::second{std::chrono::seconds{s}}; };
  const std::vector<core::window> windows{{at(0), at(10)}, {at(20), at(30)}, {at(40), at(50)}};
  EXPECT_EQ(until(windows, at(60)), windows);
  EXPECT_EQ(until(windows, at(25)), (std::vector<core::window>{{at(0), at(10)}, {at(20), at(25)}}));
  EXPECT_TRUE(until(windows, at(0)).empty());
}

}  // namespace
}  // namespace ordersync::app::tasks
