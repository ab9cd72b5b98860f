#include "service/folding.hpp"

#include <gtest/gtest.h>

namespace ordersync::service {
namespace {

using namespace std::chrono_literals;

struct folding_test : ::testing::Test {
  folding fold;
  folding::clock::time_point now{100s};
};

TEST_F(folding_test, the_first_is_written_at_once) {
  EXPECT_EQ(fold.admit("a", now, 10s), 0u);
}

TEST_F(folding_test, what_follows_soon_is_suppressed_and_counted) {
  fold.admit("a", now, 10s);
  EXPECT_FALSE(fold.admit("a", now + 1s, 10s));
  EXPECT_FALSE(fold.admit("a", now + 9s, 10s));
  EXPECT_EQ(fold.admit("a", now + 10s, 10s), 2u);
  EXPECT_EQ(fold.admit("a", now + 20s, 10s), 0u);
}

TEST_F(folding_test, each_key_is_folded_for_itself) {
  fold.admit("a", now, 10s);
  EXPECT_EQ(fold.admit("b", now, 10s), 0u);
}

TEST_F(folding_test, the_end_is_reported_once_and_with_what_was_suppressed) {
  EXPECT_FALSE(fold.admit_end("a"));
  fold.admit("a", now, 10s);
  fold.admit("a", now + 1s, 10s);
  EXPECT_FALSE(fold.admit_end("b"));
  EXPECT_EQ(fold.admit_end("a"), 1u);
  EXPECT_FALSE(fold.admit_end("a"));
}

TEST_F(folding_test, the_end_of_a_problem_that_was_not_reported_is_not_reported_either) {
  fold.admit("a", now, 10s);
  fold.admit_end("a");
  fold.admit("a", now + 1s, 10s);
  EXPECT_FALSE(fold.admit_end("a"));
  EXPECT_EQ(fold.admit("a", now + 10s, 10s), 1u);
  EXPECT_EQ(fold.admit_end("a"), 0u);
}

TEST_F(folding_test, a_part_does_not_report_the_end_of_what_the_whole_has_reported) {
  using enum folding::reporter;
  fold.admit("a", now, 10s, part);
  fold.admit("a", now + 1s, 10s, whole);
  EXPECT_FALSE(fold.admit_end("a", part));
  EXPECT_EQ(fold.admit_end("a", whole), 1u);
  fold.admit("a", now + 20s, 10s, part);
  EXPECT_EQ(fold.admit_end("a", part), 0u);
}

TEST_F(folding_test, many_keys_are_forgotten_again) {
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(fold.admit(std::to_string(i), now += 1s, 10s), 0u);
}

}  // namespace
}  // namespace ordersync::service
