#include "sync/splitting.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ordersync::sync {
namespace {

using namespace std::chrono_literals;

core::window of_length(std::chrono::seconds length) {
  return {core::second{1000s}, core::second{1000s} + length};
}

TEST(splitting, leaves_no_second_out_and_none_twice) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto w = of_length(std::chrono::seconds{2 + random() % 1'000'000});
    const auto [left, right] =
        split(w, static_cast<std::int64_t>(random() % 100'000), static_cast<std::int64_t>(1 + random() % 3000));
    ASSERT_EQ(left.begin, w.begin);
    ASSERT_EQ(left.end, right.begin);
    ASSERT_EQ(right.end, w.end);
    ASSERT_FALSE(left.empty() || right.empty());
  }
}

TEST(splitting, halves_what_holds_few) {
  const auto [left, right] = split(of_length(100s), 10, 2000);
  EXPECT_EQ(left.length(), 50s);
}

TEST(splitting, cuts_so_that_the_parts_come_out_nearly_full) {
  // 4,100 orders need three windows of at most 2,000; halves would need four.
  const auto [left, right] = split(of_length(300s), 4100, 2000);
  EXPECT_EQ(left.length(), 100s);
}

TEST(splitting, survives_a_total_beyond_reason) {
  const auto [left, right] = split(of_length(1000s), std::int64_t{1} << 62, 1);
  EXPECT_FALSE(left.empty() || right.empty());
}

TEST(splitting, one_second_cannot_be_cut) {
  EXPECT_FALSE(is_divisible(of_length(1s)));
  EXPECT_THROW(split(of_length(1s), 5000, 2000), std::logic_error);
}

}  // namespace
}  // namespace ordersync::sync
