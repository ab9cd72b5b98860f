#include "sync/evidence/verification.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::evidence {
namespace {

using namespace std::chrono_literals;

core::second at(int seconds) {
  return core::second{std::chrono::seconds{seconds}};
}
creation order(int first_ms, int last_ms) {
  return {core::instant{std::chrono::milliseconds{first_ms}}, core::instant{std::chrono::milliseconds{last_ms}}};
}

TEST(verification, where_nothing_is_near_the_edge_stays) {
  EXPECT_EQ(quiet_second({}, at(100), at(200)), at(100));
  EXPECT_EQ(quiet_second({order(97'000, 97'999), order(102'001, 103'000)}, at(100), at(200)), at(100));
}

TEST(verification, the_edge_moves_behind_orders_that_are_near_or_astride) {
  EXPECT_EQ(quiet_second({order(98'000, 98'500)}, at(100), at(200)), at(101));
  EXPECT_EQ(quiet_second({order(95'000, 130'000)}, at(100), at(200)), at(133));
  EXPECT_EQ(quiet_second({order(104'000, 104'000), order(100'000, 100'500)}, at(100), at(200)), at(107));
}

TEST(verification, the_edge_can_move_back) {
  EXPECT_EQ(quiet_second_before({order(99'500, 101'000)}, at(100), at(50)), at(97));
  EXPECT_EQ(quiet_second_before({}, at(100), at(50)), at(100));
}

TEST(verification, an_edge_that_finds_no_rest_stays) {
  std::vector<creation> busy;
  for (int s = 90; s < 300; ++s) busy.push_back(order(s * 1'000, s * 1'000));
  EXPECT_EQ(quiet_second(busy, at(100), at(200)), at(100));
}

TEST(verification, the_middle_leaves_a_second_on_either_side) {
  EXPECT_EQ(middle_of({at(0), at(2)}), at(1));
  EXPECT_EQ(middle_of({at(0), at(101)}), at(50));
}

}  // namespace
}  // namespace ordersync::sync::evidence
