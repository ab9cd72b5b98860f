#include "sync/schedule/last_read_map.hpp"

#include "sync/interval_set.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace ordersync::sync::schedule {
namespace {

using namespace std::chrono_literals;
using core::window;

core::second at(std::int64_t seconds) {
  return core::second{std::chrono::seconds{seconds}};
}

window from_to(std::int64_t from, std::int64_t to) {
  return {at(from), at(to)};
}

TEST(interval_set, joins_what_overlaps_or_touches_and_finds_gaps) {
  interval_set set({from_to(50, 60), from_to(10, 20), from_to(20, 30), from_to(70, 70)});
  EXPECT_EQ(set.windows(), (std::vector{from_to(10, 30), from_to(50, 60)}));
  EXPECT_EQ(set.within(from_to(25, 55)), (std::vector{from_to(25, 30), from_to(50, 55)}));
  EXPECT_EQ(set.missing(from_to(0, 100)), (std::vector{from_to(0, 10), from_to(30, 50), from_to(60, 100)}));
  EXPECT_EQ(set.missing(from_to(12, 20)), std::vector<window>{});
  set.remove(from_to(15, 52));
  EXPECT_EQ(set.windows(), (std::vector{from_to(10, 15), from_to(52, 60)}));
}

TEST(interval_set, agrees_with_a_set_of_seconds) {
  std::mt19937 random(1);
  interval_set set;
  std::vector<bool> seconds(60);
  for (int i = 0; i < 5000; ++i) {
    const auto from = random() % 60;
    const auto to = random() % 61;
    const bool adds = random() % 2 == 0;
    const auto w = from_to(static_cast<std::int64_t>(from), static_cast<std::int64_t>(to));
    adds ? set.add(w) : set.remove(w);
    for (auto s = from; s < to; ++s) seconds[s] = adds;
    std::vector<window> expected;
    for (std::int64_t s = 0; s < 60; ++s) {
      if (!seconds[static_cast<std::size_t>(s)]) continue;
      if (expected.empty() || expected.back().end != at(s)) expected.push_back(from_to(s, s));
      expected.back().end = at(s + 1);
    }
    ASSERT_EQ(set.windows(), expected);
  }
}

TEST(last_read_map, finds_the_oldest_reading_and_none_where_a_part_was_never_read) {
  last_read_map read;
  read.read(from_to(0, 100), at(1000));
  read.read(from_to(40, 60), at(2000));
  read.read(from_to(100, 200), at(3000));
  EXPECT_EQ(read.oldest(from_to(0, 200)), at(1000));
  EXPECT_EQ(read.oldest(from_to(45, 55)), at(2000));
  EXPECT_EQ(read.oldest(from_to(100, 101)), at(3000));
  EXPECT_EQ(read.oldest(from_to(150, 201)), std::nullopt);
  EXPECT_EQ(read.oldest(from_to(-1, 10)), std::nullopt);
  EXPECT_EQ(read.oldest(from_to(500, 600)), std::nullopt);
}

TEST(last_read_map, finds_which_parts_are_older) {
  last_read_map read;
  read.read(from_to(0, 50), at(1000));
  read.read(from_to(50, 100), at(2000));
  read.read(from_to(120, 150), at(1500));
  EXPECT_EQ(read.older_than(from_to(10, 200), at(1500)),
            (std::vector{from_to(10, 50), from_to(100, 120), from_to(150, 200)}));
}

TEST(last_read_map, keeps_the_later_of_two_readings_however_they_come) {
  last_read_map read;
  read.read(from_to(0, 100), at(2000));
  read.read(from_to(50, 150), at(1000));
  EXPECT_EQ(read.oldest(from_to(0, 100)), at(2000));
  EXPECT_EQ(read.oldest(from_to(99, 101)), at(1000));
}

TEST(last_read_map, agrees_with_a_list_of_seconds) {
  std::mt19937 random(2);
  last_read_map read;
  std::map<std::int64_t, std::int64_t> seconds;
  for (int i = 0; i < 3000; ++i) {
    const auto from = static_cast<std::int64_t>(random() % 80);
    const auto to = from + 1 + static_cast<std::int64_t>(random() % 20);
    const auto when = static_cast<std::int64_t>(random() % 50) + i / 10;
    read.read(from_to(from, to), at(when));
    for (auto s = from; s < to; ++s) seconds[s] = std::max(when, seconds.contains(s) ? seconds[s] : when);
    if (i % 500 == 499) {
      const auto before = static_cast<std::int64_t>(random() % 80);
      read.forget(at(before));
      std::erase_if(seconds, [before](const auto& entry) { return entry.first < before; });
    }
    for (std::int64_t s = -1; s < 101; ++s)
      ASSERT_EQ(read.oldest(from_to(s, s + 1)), seconds.contains(s) ? std::optional(at(seconds[s])) : std::nullopt);
  }
}

TEST(last_read_map, joins_what_was_read_at_the_same_time) {
  last_read_map read;
  for (std::int64_t s = 0; s < 100; s += 10) read.read(from_to(s, s + 10), at(1000));
  EXPECT_EQ(read.entries(), 1U);
}

TEST(last_read_map, never_looks_fresher_for_being_coalesced_and_never_a_grain_staler) {
  last_read_map read;
  for (std::int64_t s = 0; s < 6000; ++s) read.read(from_to(s, s + 1), at(10'000 + (s * 7) % 3000));
  for (int again = 0; again < 5; ++again) {
    read.coalesce(from_to(0, 6000), 100s);
    for (std::int64_t s = 0; s < 6000; ++s) {
      const auto oldest = read.oldest(from_to(s, s + 1));
      ASSERT_TRUE(oldest);
      ASSERT_LE(*oldest, at(10'000 + (s * 7) % 3000));
      ASSERT_GT(*oldest + 100s, at(10'000 + (s * 7) % 3000));
    }
  }
  EXPECT_LT(read.entries(), 600U);
}

TEST(last_read_map, coalesces_nothing_outside_the_window) {
  last_read_map read;
  read.read(from_to(0, 50), at(1001));
  read.read(from_to(50, 100), at(1002));
  read.coalesce(from_to(60, 100), 100s);
  EXPECT_EQ(read.oldest(from_to(50, 60)), at(1002));
  EXPECT_EQ(read.oldest(from_to(60, 61)), at(1000));
}

TEST(last_read_map, does_not_trust_readings_of_the_future) {
  last_read_map read;
  read.read(from_to(0, 50), at(1000));
  read.read(from_to(50, 100), at(2000));
  read.forget_readings_after(at(1500));
  EXPECT_EQ(read.oldest(from_to(0, 50)), at(1000));
  EXPECT_EQ(read.oldest(from_to(50, 60)), std::nullopt);
}

}  // namespace
}  // namespace ordersync::sync::schedule
