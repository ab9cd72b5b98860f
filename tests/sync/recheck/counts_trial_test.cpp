#include "sync/recheck/counts_trial.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::recheck {
namespace {

TEST(counts_trial, sums_that_enclose_the_count_of_all_are_sound) {
  EXPECT_EQ(contradiction_of({100, 101, 103, 98, 60, 0}), "");
  EXPECT_EQ(contradiction_of({100, 100, 100, 100, 60, 6}), "");
}

TEST(counts_trial, lists_that_leave_orders_out_are_not) {
  EXPECT_EQ(contradiction_of({100, 100, 97, 97, 60, 0}), "the API counts 100 orders, but only 97 over all statuses");
}

TEST(counts_trial, lists_that_count_too_many_are_not) {
  EXPECT_EQ(contradiction_of({100, 100, 800, 800, 60, 0}), "the API counts 100 orders, but 800 over all statuses");
}

TEST(counts_trial, lists_that_show_other_statuses_are_not) {
  EXPECT_EQ(contradiction_of({100, 100, 100, 100, 60, 7}),
            "7 of 60 orders in the API's lists of one status have another status");
}

}  // namespace
}  // namespace ordersync::sync::recheck
