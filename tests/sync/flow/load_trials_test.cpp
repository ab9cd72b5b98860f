#include "sync/flow/load_trials.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::flow {
namespace {

using namespace std::chrono_literals;
using verdict = load_trials::verdict;

constexpr load_trials::time_point start{1000h};

TEST(load_trials, that_it_was_the_load_holds_for_what_was_refused_before) {
  load_trials trials;
  EXPECT_EQ(trials.known("x", start, start), std::nullopt);
  trials.note("x", verdict::load, start + 2s);
  EXPECT_EQ(trials.known("x", start + 1s, start + 9s), verdict::load);
  EXPECT_EQ(trials.known("x", start + 3s, start + 9s), std::nullopt);
  EXPECT_EQ(trials.known("y", start + 1s, start + 9s), std::nullopt);
}

TEST(load_trials, that_it_was_not_the_load_holds_for_a_minute) {
  load_trials trials;
  trials.note("x", verdict::other, start);
  EXPECT_EQ(trials.known("x", start + 50s, start + 59s), verdict::other);
  EXPECT_EQ(trials.known("x", start + 50s, start + 60s), std::nullopt);
  trials.note("x", verdict::load, start + 70s);
  EXPECT_EQ(trials.known("x", start + 65s, start + 71s), verdict::load);
}

TEST(load_trials, words_that_are_new_each_time_are_forgotten) {
  load_trials trials;
  for (int i = 0; i < 1000; ++i) trials.note("x" + std::to_string(i), verdict::other, start);
  EXPECT_EQ(trials.known("x0", start, start), std::nullopt);
  EXPECT_EQ(trials.known("x999", start, start), verdict::other);
}

}  // namespace
}  // namespace ordersync::sync::flow
