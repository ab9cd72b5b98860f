// A worker's slice of the rate: when it may be used, when it is written.

#include "sync/sharing/rate_slices.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ordersync::sync::sharing {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1h};

struct slices : ::testing::Test {
  rate_slice mine{"a", "key", 10};
  worker_watch watch;
  view seen;

  void stored(const std::string& worker, double per_second, std::int64_t number) {
    seen.slices.push_back({"key", worker, per_second, number});
  }
  void look(time_point begun, time_point ended, int held = 1, int all = 1) {
    seen.begun = begun;
    seen.ended = ended;
    watch.saw(seen);
    mine.saw(seen, watch, held, all);
  }
  void have(double per_second) {
    look(start, start);
    mine.granted(per_second, 7, start);
    stored("a", per_second, 7);
  }
};

TEST_F(slices, one_alone_wants_all_and_may_use_it_once_it_is_written) {
  look(start, start);
  EXPECT_EQ(mine.usable(), 0);
  ASSERT_TRUE(mine.wish());
  EXPECT_EQ(mine.wish()->per_second, 10);
  mine.granted(10, 1, start);
  EXPECT_EQ(mine.usable(), 10);
  EXPECT_EQ(mine.lapses_at(), start + slice_lapses);
}

TEST_F(slices, a_look_that_finds_it_confirms_it_without_a_write) {
  have(10);
  look(start + 1s, start + 1s);
  EXPECT_EQ(mine.lapses_at(), start + 1s + slice_lapses);
  EXPECT_FALSE(mine.wish());
}

TEST_F(slices, a_look_that_comes_back_after_it_has_lapsed_does_not_confirm_it) {
  have(10);
  look(start + slice_lapses - 1s, start + slice_lapses + 1ms);
  EXPECT_EQ(mine.usable(), 0);
  ASSERT_TRUE(mine.wish());
}

TEST_F(slices, one_that_somebody_wrote_anew_or_dropped_is_not_used) {
  have(10);
  seen.slices[0].number = 8;
  look(start + 1s, start + 1s);
  EXPECT_EQ(mine.usable(), 0);
  seen.slices.clear();
  look(start + 2s, start + 2s);
  EXPECT_EQ(mine.usable(), 0);
}

TEST_F(slices, it_shrinks_in_use_before_it_is_written) {
  have(10);
  look(start + 1s, start + 1s, 1, 2);
  EXPECT_EQ(mine.usable(), 5);
  ASSERT_TRUE(mine.wish());
  EXPECT_EQ(mine.wish()->per_second, 5);
}

TEST_F(slices, it_waits_for_what_others_hold_and_takes_it_when_they_have_stopped_sending) {
  have(5);
  stored("b", 5, 3);
  look(start + 1s, start + 1s);
  EXPECT_FALSE(mine.wish());
  for (auto at = start + 2s; at < start + 1s + slice_free; at += 1s) look(at, at);
  EXPECT_FALSE(mine.wish());
  look(start + 1s + slice_free, start + 1s + slice_free);
  ASSERT_TRUE(mine.wish());
  EXPECT_EQ(mine.wish()->per_second, 10);
  EXPECT_EQ(mine.wish()->lapsed.at(0), (std::pair<std::string, std::int64_t>{"b", 3}));
}

TEST_F(slices, without_accounts_it_is_given_back) {
  have(10);
  look(start + 1s, start + 1s, 0, 1);
  EXPECT_EQ(mine.usable(), 0);
  ASSERT_TRUE(mine.wish());
  EXPECT_EQ(mine.wish()->per_second, 0);
}

}  // namespace
}  // namespace ordersync::sync::sharing
