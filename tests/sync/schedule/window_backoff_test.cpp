#include "sync/schedule/window_backoff.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ordersync::sync::schedule {
namespace {

using namespace std::chrono_literals;
using core::window;

constexpr std::chrono::steady_clock::time_point start{1000h};

window from_to(int from, int to) {
  return {core::second{std::chrono::seconds{from}}, core::second{std::chrono::seconds{to}}};
}

std::vector<window> left_of(const window_backoff& held, std::chrono::steady_clock::time_point now) {
  interval_set all({from_to(0, 100)});
  held.take_from(all, now);
  return all.windows();
}

TEST(window_backoff, leave_a_failure_alone_for_twice_as_long_each_time) {
  window_backoff held;
  auto now = start;
  for (const auto wait : {60s, 120s, 240s, 480s, 960s, 1920s, 3600s, 3600s}) {
    held.hold(from_to(0, 100), {from_to(40, 50)}, now);
    EXPECT_EQ(held.next_release(now), now + wait);
    EXPECT_EQ(left_of(held, now + wait - 1ms), (std::vector{from_to(0, 40), from_to(50, 100)}));
    now += wait;
    EXPECT_EQ(left_of(held, now), (std::vector{from_to(0, 100)}));
  }
}

TEST(window_backoff, keep_what_was_not_tried_again) {
  window_backoff held;
  held.hold(from_to(0, 100), {from_to(10, 90)}, start);
  held.hold(from_to(40, 60), {}, start + 1s);
  EXPECT_EQ(left_of(held, start + 2s), (std::vector{from_to(0, 10), from_to(40, 60), from_to(90, 100)}));
}

TEST(window_backoff, begin_anew_once_forgiven) {
  window_backoff held;
  held.hold(from_to(0, 100), {from_to(10, 90)}, start);
  held.clear(from_to(0, 100));
  EXPECT_EQ(held.next_release(start), window_backoff::time_point::max());
  held.hold(from_to(0, 100), {from_to(10, 90)}, start);
  EXPECT_EQ(held.next_release(start), start + 60s);
}

}  // namespace
}  // namespace ordersync::sync::schedule
