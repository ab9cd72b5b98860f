#include "sync/sweep/splitting.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ordersync::sync::sweep {
namespace {

using namespace std::chrono_literals;

core::window of_length(std::chrono::seconds length) {
  return {core::second{1000s}, core::second{1000s} + length};
}

TEST(splitting, leaves_no_second_out_and_none_twice) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto w = of_length(std::chrono::seconds{2 + random() % (random() % 2 == 0 ? 10 : 1'000'000)});
    const auto parts =
        cut(w, static_cast<std::int64_t>(random() % 100'000), static_cast<std::int64_t>(1 + random() % 3000));
    ASSERT_GE(parts.size(), 2);
    ASSERT_LE(parts.size(), most_parts);
    auto reached = w.begin;
    for (const auto& part : parts) {
      ASSERT_EQ(part.begin, reached);
      ASSERT_FALSE(part.empty());
      reached = part.end;
    }
    ASSERT_EQ(reached, w.end);
  }
}

TEST(splitting, halves_what_holds_few) {
  const auto parts = cut(of_length(100s), 10, 2000);
  ASSERT_EQ(parts.size(), 2);
  EXPECT_EQ(parts.front().length(), 50s);
}

TEST(splitting, cuts_into_windows_that_are_nearly_full) {
  // 4,100 orders need three windows of at most 2,000; halves would need four.
  const auto parts = cut(of_length(300s), 4100, 2000);
  ASSERT_EQ(parts.size(), 3);
  for (const auto& part : parts) EXPECT_EQ(part.length(), 100s);
}

TEST(splitting, cuts_what_is_to_be_cut_again_where_full_windows_will_end) {
  // 35 windows of 1,714: eight parts of four or five windows each.
  for (const auto& part : cut(of_length(3500s), 60'000, 2000))
    EXPECT_TRUE(part.length() == 400s || part.length() == 500s) << part.length().count();
}

TEST(splitting, survives_a_total_beyond_reason) {
  EXPECT_EQ(cut(of_length(1000s), std::int64_t{1} << 62, 1).size(), most_parts);
}

TEST(splitting, one_second_cannot_be_cut) {
  EXPECT_FALSE(is_divisible(of_length(1s)));
  EXPECT_THROW(cut(of_length(1s), 5000, 2000), std::logic_error);
}

}  // namespace
}  // namespace ordersync::sync::sweep
