// Workers that share accounts and rate through kills, pauses, slow and restarted databases, newcomers and reloads.

#include "sync/seeds.hpp"
#include "sync/sharing/shared_rate_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ordersync::sync {
namespace {

using namespace std::chrono_literals;
using testing::milliseconds;
using testing::sharing_world;

// In any time the rate, and beside that the burst.
void expect_within_budget(const sharing_world& world, std::uint64_t seed) {
  EXPECT_LE(world.most_beyond_rate(), sharing_world::burst + 0.001) << "seed " << seed;
}

void expect_settled(sharing_world& world, std::uint64_t seed) {
  world.heal();
  world.run(1s);
  if (world.workers() == 0) world.add_worker();
  world.run(25s);
  EXPECT_LE(world.unevenness(), 1) << "seed " << seed;
  EXPECT_EQ(world.unowned(), "") << "seed " << seed;
  EXPECT_NEAR(world.usable(), sharing_world::rate, 0.2) << "seed " << seed;
}

TEST(sharing_days, one_alone_has_all_accounts_and_all_of_the_rate_within_two_seconds) {
  sharing_world world(1, 7);
  world.add_worker();
  world.run(2s);
  EXPECT_EQ(world.unowned(), "");
  EXPECT_NEAR(world.usable(), sharing_world::rate, 0.01);
}

TEST(sharing_days, a_newcomer_gets_its_part_of_the_accounts_and_of_the_rate) {
  sharing_world world(2, 7);
  world.add_worker();
  world.run(3s);
  world.add_worker();
  world.run(6s);
  EXPECT_LE(world.unevenness(), 1);
  EXPECT_EQ(world.unowned(), "");
  EXPECT_NEAR(world.usable(), sharing_world::rate, 0.2);
  EXPECT_EQ(world.writes_of_former_owners(), 0);
  expect_within_budget(world, 2);
}

TEST(sharing_days, what_a_dead_one_held_is_worked_by_the_others_soon) {
  sharing_world world(3, 9);
  for (int i = 0; i < 3; ++i) world.add_worker();
  world.run(10s);
  world.kill_one();
  world.run(4s);
  EXPECT_EQ(world.unowned(), "");
  expect_settled(world, 3);
}

// Its work takes up to 300 ms to end. Who looks here hears of it half a second later at the latest: nobody notifies.
TEST(sharing_days, whoever_stops_hands_over_within_a_second) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    sharing_world world(seed, 9);
    for (int i = 0; i < 3; ++i) world.add_worker();
    world.run(10s);
    world.stop_one();
    world.run(1s);
    EXPECT_EQ(world.unowned(), "") << "seed " << seed;
  }
}

// Faults beside each other; one worker at least is well most of the time.
void befall(sharing_world& world) {
  switch (world.random(9)) {
    case 0:
      return world.kill_one();
    case 1:
      return world.pause_one(milliseconds{world.random(20'000)});
    case 2:
      return world.slow_one(milliseconds{world.random(15'000)});
    case 3:
      return world.reload_one();
    case 4:
      return world.stop_one();
    case 5:
      return world.restart_database(milliseconds{world.random(5'000)});
    default:
      if (world.workers() < 5) world.add_worker();
  }
}

TEST(sharing_days, hold_the_budget_and_leave_no_account_alone_whatever_befalls_them) {
  std::size_t refused = 0;
  for (std::uint64_t seed = 1; seed <= testing::seeds_a_test / 5 && !HasFailure(); ++seed) {
    sharing_world world(seed, 1 + static_cast<int>(seed % 12));
    for (std::uint64_t i = 0; i <= seed % 4; ++i) world.add_worker();
    for (int i = 0; i < 30; ++i) {
      world.run(milliseconds{world.random(6'000)});
      befall(world);
    }
    expect_within_budget(world, seed);
    // No account has had no live owner for longer than that after a worker was well that could have taken it.
    EXPECT_LE(world.longest_rest(), 10s) << "seed " << seed;
    refused += world.writes_of_former_owners();
    expect_settled(world, seed);
  }
  EXPECT_GT(refused, 0) << "no former owner ever tried to write: the worlds are too kind";
}

}  // namespace
}  // namespace ordersync::sync
