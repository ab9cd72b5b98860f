#include "app/backfills.hpp"

#include <gtest/gtest.h>

namespace ordersync::app {
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

}  // namespace
}  // namespace ordersync::app
