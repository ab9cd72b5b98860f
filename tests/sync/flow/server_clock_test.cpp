#include "sync/flow/server_clock.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::flow {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::steady_clock::time_point at{1000h};
constexpr core::second noon{std::chrono::sys_days{std::chrono::year{2024} / 5 / 7} + 12h};

TEST(server_clock, is_this_machines_clock_until_the_server_has_answered) {
  const server_clock clock;
  EXPECT_EQ(clock.now(at, noon + 999ms), noon);
}

TEST(server_clock, goes_on_from_the_last_date_whatever_happens_to_this_machines) {
  server_clock clock;
  clock.observe(at, noon + 30s);
  EXPECT_EQ(clock.now(at + 90s, core::instant(noon) + 8h), noon + 2min);
  EXPECT_EQ(clock.now(at + 90s, core::instant(noon) - 8h), noon + 2min);
  EXPECT_EQ(clock.now(at + 90'900ms, noon), noon + 2min);
}

TEST(server_clock, follows_the_server_both_ways) {
  server_clock clock;
  clock.observe(at, noon);
  clock.observe(at + 1s, noon + 8h);
  EXPECT_EQ(clock.now(at + 2s, noon), noon + 8h + 1s);
  clock.observe(at + 3s, noon + 3s);
  EXPECT_EQ(clock.now(at + 4s, noon), noon + 4s);
}

}  // namespace
}  // namespace ordersync::sync::flow
