#include "sync/recheck/search_cost.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::recheck {
namespace {

TEST(search_cost, short_lists_are_read) {
  EXPECT_FALSE(halving_pays({4, 1, 2}));
  EXPECT_FALSE(halving_pays({0, 1, 1}));
}

TEST(search_cost, one_change_in_long_lists_is_found_by_halving) {
  EXPECT_TRUE(halving_pays({400, 1, 2}));
  EXPECT_LT(expected_requests({400, 1, 2}), 25);
}

TEST(search_cost, as_many_changes_as_pages_are_found_by_reading) {
  EXPECT_FALSE(halving_pays({100, 100, 4}));
}

TEST(search_cost, never_expects_more_requests_than_pages) {
  for (std::int64_t pages = 1; pages < 3'000; pages = pages * 3 / 2 + 1)
    for (std::int64_t changes = 1; changes < 300; changes = changes * 2)
      EXPECT_LE(expected_requests({pages, changes, 3}), static_cast<double>(pages));
}

}  // namespace
}  // namespace ordersync::sync::recheck
