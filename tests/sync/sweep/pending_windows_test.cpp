#include "sync/sweep/pending_windows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::sync::sweep {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

core::window span(std::int64_t begin, std::int64_t end) {
  return {core::second{std::chrono::seconds{begin}}, core::second{std::chrono::seconds{end}}};
}

std::vector<std::string> names_of(pending_windows windows) {
  std::vector<std::string> names;
  while (!windows.empty()) names.push_back(windows.take().name);
  return names;
}

TEST(pending_windows, ranges_come_in_their_order_under_their_own_numbers) {
  EXPECT_THAT(names_of({{span(0, 10), span(20, 20), span(30, 40)}, 17}), ElementsAre("17-1", "17-3"));
}

TEST(pending_windows, parts_come_before_what_waits_and_only_parts_of_an_uncounted_range_count_as_it) {
  pending_windows windows({span(0, 100), span(200, 300)}, 17);
  const auto first = windows.take();
  EXPECT_TRUE(first.root);
  windows.put_cut_to(first, 50s);
  EXPECT_TRUE(windows.next().root);
  EXPECT_EQ(windows.next().siblings, 0);
  EXPECT_THAT(names_of(windows), ElementsAre("17-1.1", "17-1.2", "17-2"));
  const auto part = windows.take();
  windows.put_parts(part, {span(0, 25), span(25, 50)}, 900);
  EXPECT_FALSE(windows.next().root);
  EXPECT_EQ(windows.next().siblings, 900);
  EXPECT_THAT(names_of(windows), ElementsAre("17-1.1.1", "17-1.1.2", "17-1.2", "17-2"));
}

TEST(pending_windows, the_right_half_holds_what_the_left_one_leaves) {
  pending_windows windows;
  windows.put_parts({.window = span(0, 100), .name = "1-1"}, {span(0, 50), span(50, 100)}, 900);
  EXPECT_FALSE(awaits_count(windows.take(), 100)) << "the left one is counted by itself";
  EXPECT_TRUE(awaits_count(windows.next(), 100));
  EXPECT_FALSE(awaits_count(windows.next(), 450)) << "it probably fits";
  windows.left_counted(span(0, 50), 850);
  EXPECT_EQ(windows.next().expected, 50);
  EXPECT_FALSE(awaits_count(windows.next(), 100));
  windows.left_counted(span(0, 50), 10);
  EXPECT_EQ(windows.next().expected, 50) << "by its first count";
}

TEST(pending_windows, a_crowded_part_is_cut_in_two) {
  pending_windows windows;
  EXPECT_GT(windows.put_cut_up({.window = span(0, 1000), .name = "1-1"}, 10'000, 100), 2U);
  EXPECT_EQ(windows.put_cut_up({.window = span(0, 1000), .name = "1-1", .siblings = 15'000}, 10'000, 100), 2U);
}

}  // namespace
}  // namespace ordersync::sync::sweep
