#include "app/doctor/count_findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using store::recheck::check_state;

TEST(assess_checks_by_counts, warns_with_the_daemons_reason_where_counts_are_unusable) {
  const auto one = assess_checks_by_counts({.account = "main",
                                            .state = check_state::unusable,
                                            .reason = "the API counts 273 orders, but only 266 over all"});
  ASSERT_TRUE(one);
  EXPECT_EQ(one->state, doctor::check_state::warning);
  EXPECT_EQ(one->account, "main");
  EXPECT_EQ(one->found, "the daemon checks nothing by counts: the API counts 273 orders, but only 266 over all");
  EXPECT_FALSE(one->cure.empty());
}

TEST(assess_checks_by_counts, says_nothing_of_counts_that_hold_or_were_not_tried) {
  EXPECT_FALSE(assess_checks_by_counts({.account = "main", .state = check_state::on}));
  EXPECT_FALSE(assess_checks_by_counts({.account = "main", .state = check_state::untried}));
}

}  // namespace
}  // namespace ordersync::app::doctor
