#include "store/reports/gaps.hpp"

#include <gtest/gtest.h>

namespace ordersync::store::reports {
namespace {

core::second second_of(int s) {
  return core::second{std::chrono::seconds{s}};
}
core::window span(int begin, int end) {
  return {second_of(begin), second_of(end)};
}
core::instant at(int s) {
  return second_of(s);
}

TEST(explain_gaps, what_was_never_read_has_no_reason) {
  EXPECT_EQ(explain_gaps({span(0, 10)}, {}), (std::vector<gap>{{span(0, 10), "", std::nullopt}}));
}

TEST(explain_gaps, a_gap_is_cut_where_the_read_that_failed_ends) {
  const auto gaps = explain_gaps({span(0, 10), span(20, 30)}, {{span(5, 22), "counts differ", at(100)}});
  EXPECT_EQ(gaps, (std::vector<gap>{{span(0, 5), "", std::nullopt},
                                    {span(5, 10), "counts differ", at(100)},
                                    {span(20, 22), "counts differ", at(100)},
                                    {span(22, 30), "", std::nullopt}}));
}

TEST(explain_gaps, the_latest_read_has_the_reason) {
  const auto gaps = explain_gaps({span(0, 10)}, {{span(4, 6), "late", at(200)}, {span(0, 10), "early", at(100)}});
  EXPECT_EQ(gaps, (std::vector<gap>{
                      {span(0, 4), "early", at(100)}, {span(4, 6), "late", at(200)}, {span(6, 10), "early", at(100)}}));
}

TEST(explain_gaps, neighbours_with_one_reason_are_one_gap) {
  const auto gaps = explain_gaps({span(0, 3)}, {{span(0, 1), "bad", at(100)}, {span(1, 3), "bad", at(200)}});
  EXPECT_EQ(gaps, (std::vector<gap>{{span(0, 3), "bad", at(200)}}));
}

TEST(explain_gaps, a_read_that_broke_off_is_distinguished_from_one_that_did_not_add_up) {
  const auto gaps = explain_gaps({span(0, 3)}, {{span(0, 1), "bad", at(100), true}, {span(1, 3), "bad", at(100)}});
  ASSERT_EQ(gaps.size(), 2U);
  EXPECT_TRUE(gaps[0].failed);
  EXPECT_FALSE(gaps[1].failed);
}

TEST(explain_gaps, nothing_unproven_leaves_no_gap) {
  EXPECT_TRUE(explain_gaps({}, {{span(0, 10), "bad", at(1)}}).empty());
}

}  // namespace
}  // namespace ordersync::store::reports
