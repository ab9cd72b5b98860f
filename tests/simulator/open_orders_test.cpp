#include "behaving.hpp"
#include "lifecycle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>

namespace pandapon_sim::testing {
namespace {

int status(const world& w, entry which) {
  return static_cast<int>(w.orders.stood(which, w.orders.version(which)).status);
}

bool is_open(const world& w, entry which) {
  return status(w, which) <= 4;
}

std::ptrdiff_t count_open(const world& w) {
  const auto all = w.orders.select({});
  return std::count_if(all.begin(), all.end(), [&w](entry which) { return is_open(w, which); });
}

void change(world& w, int times) {
  for (int i = 0; i < times; ++i) change_one(w, noon + i);
}

TEST(open_orders, are_the_given_share_at_every_age_and_the_others_are_final) {
  const world w = behaving("--open 5", 40'000);
  const auto all = w.orders.select({});
  std::array<int, 4> open{};
  std::set<int> statuses;
  for (std::size_t i = 0; i < all.size(); ++i) {
    statuses.insert(status(w, all[i]));
    if (is_open(w, all[i])) ++open.at(i * 4 / all.size());
  }
  for (const int quarter : open) {
    EXPECT_GT(quarter, 420);
    EXPECT_LT(quarter, 580);
  }
  EXPECT_EQ(statuses, (std::set<int>{1, 2, 3, 4, 5, 6, 7}));
}

TEST(open_orders, may_be_none_or_all) {
  EXPECT_EQ(count_open(behaving("--open 0", 500)), 0);
  EXPECT_EQ(count_open(behaving("--open 100", 500)), 500);
}

TEST(open_orders, of_now_are_as_ever) {
  world plain = behaving("", 0);
  world w = behaving("--open 0", 0);
  for (world* each : {&plain, &w})
    for (int i = 0; i < 200; ++i) each->orders.add(noon, noon);
  EXPECT_EQ(truth(w), truth(plain));
  EXPECT_GT(count_open(w), 0);
}

TEST(mutate_open, moves_an_open_order_to_another_status_each_time) {
  world w = behaving("--open 20 --mutate-open", 2000);
  change(w, 300);
  EXPECT_EQ(w.orders.events().size(), 300U);
  for (const event& what : w.orders.events()) {
    const auto before = w.orders.stood(what.which, static_cast<std::uint16_t>(what.version - what.steps)).status;
    EXPECT_LE(static_cast<int>(before), 4);
    EXPECT_NE(before, w.orders.stood(what.which, what.version).status);
  }
}

TEST(mutate_open, chooses_evenly) {
  world w = behaving("--open 50 --mutate-open", 4000);
  change(w, 400);
  std::set<entry> changed;
  std::array<int, 4> by_age{};
  for (const event& what : w.orders.events()) {
    changed.insert(what.which);
    ++by_age.at(what.which / 1000);
  }
  EXPECT_GT(changed.size(), 320U);
  for (const int quarter : by_age) EXPECT_GT(quarter, 65);
}

TEST(mutate_open, leaves_most_of_5000_open_after_a_quarter_of_an_hour) {
  world w = behaving("--open 5 --mutate-open", 100'000);
  const auto before = count_open(w);
  EXPECT_GT(before, 4800);
  EXPECT_LT(before, 5200);
  change(w, 900);
  EXPECT_EQ(w.orders.mutated(), 900U);
  EXPECT_GT(count_open(w), before - 400);
}

TEST(mutate_open, ends_when_no_order_is_open_and_goes_on_with_new_ones) {
  world w = behaving("--open 10 --mutate-open", 100);
  change(w, 1000);
  EXPECT_EQ(count_open(w), 0);
  const auto ended = w.orders.mutated();
  EXPECT_LT(ended, 100U);
  for (int i = 0; i < 50; ++i) w.orders.add(noon, noon);
  change(w, 1);
  EXPECT_EQ(w.orders.mutated(), ended + 1);
}

TEST(mutate_open, holds_for_the_switch_for_tests_too) {
  world w = behaving("--open 0 --mutate-open", 100);
  request asked;
  asked.method = "POST";
  asked.path = "/_mutate";
  asked.query = "n=20";
  EXPECT_EQ(handle_control(w, asked, noon).status, 200U);
  EXPECT_EQ(w.orders.mutated(), 0U);
}

}  // namespace
}  // namespace pandapon_sim::testing
