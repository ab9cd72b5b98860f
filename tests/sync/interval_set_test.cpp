#include "sync/interval_set.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync {
namespace {

using windows = std::vector<core::window>;

core::window span(std::int64_t begin, std::int64_t end) {
  return {core::second{std::chrono::seconds{begin}}, core::second{std::chrono::seconds{end}}};
}

TEST(interval_set, joins_what_overlaps_or_touches_in_any_order) {
  EXPECT_EQ(interval_set({span(20, 30), span(0, 10), span(10, 15), span(25, 40), span(50, 50)}).windows(),
            (windows{span(0, 15), span(20, 40)}));
}

TEST(interval_set, what_is_missing_is_what_no_window_covers) {
  EXPECT_EQ(interval_set{}.missing(span(0, 100)), windows{span(0, 100)});
  EXPECT_EQ(interval_set({span(0, 100)}).missing(span(0, 100)), windows{});
  EXPECT_EQ(interval_set({span(-5, 10), span(20, 30), span(90, 200)}).missing(span(0, 100)),
            (windows{span(10, 20), span(30, 90)}));
  EXPECT_EQ(interval_set({span(0, 5), span(30, 40)}).missing(span(10, 20)), windows{span(10, 20)});
  EXPECT_EQ(interval_set({span(0, 5)}).missing(span(10, 10)), windows{});
}

TEST(interval_set, what_is_within_is_cut_to_the_window) {
  EXPECT_EQ(interval_set({span(-5, 10), span(20, 30), span(90, 200)}).within(span(5, 95)),
            (windows{span(5, 10), span(20, 30), span(90, 95)}));
}

TEST(interval_set, removing_cuts_what_it_meets) {
  interval_set set({span(0, 100)});
  set.remove(span(40, 60));
  EXPECT_EQ(set.windows(), (windows{span(0, 40), span(60, 100)}));
  set.remove(span(-10, 200));
  EXPECT_TRUE(set.empty());
}

}  // namespace
}  // namespace ordersync::sync
