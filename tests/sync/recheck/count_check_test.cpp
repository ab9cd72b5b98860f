#include "sync/recheck/count_check.hpp"

#include "sync/recheck/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace ordersync::sync::recheck {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr core::second begin{1'700'000'000s};
const core::window month{begin, begin + std::chrono::days{30}};
const check_rules rules{{1, 2, 3, 4, 8}, 50};

check_result check_once(shop& of, const status_counts& offset = {}) {
  count_check check(month, offset, rules);
  return of.perform(check);
}

TEST(count_check, asks_one_request_for_each_status_where_nothing_changed) {
  shop s(1);
  s.fill(month, 10'000, 500);
  const auto result = check_once(s);
  EXPECT_TRUE(result.equal);
  EXPECT_TRUE(result.settled);
  EXPECT_EQ(s.requests(), 5);
}

TEST(count_check, finds_one_change_among_many_orders_with_few_requests) {
  shop s(2);
  s.fill(month, 100'000, 20'000);
  s.move_one();
  const auto result = check_once(s);
  EXPECT_FALSE(result.equal);
  EXPECT_TRUE(result.settled);
  EXPECT_EQ(result.changed, 1);
  EXPECT_THAT(s.stale(), IsEmpty());
  EXPECT_LT(s.requests(), 40);  // the lists of two statuses have 200 pages
}

TEST(count_check, finds_every_change_of_a_window_in_one_check) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    shop s(seed);
    s.fill(month, 5'000, 600);
    for (std::uint64_t n = 0; n < seed; ++n) s.move_one();
    const auto moved = s.stale();
    const auto result = check_once(s);
    EXPECT_THAT(s.stale(), IsEmpty()) << "seed " << seed;
    EXPECT_EQ(result.changed, static_cast<std::int64_t>(moved.size())) << "seed " << seed;
    EXPECT_TRUE(result.settled) << "seed " << seed;
  }
}

TEST(count_check, finds_moves_that_hide_one_another) {
  shop s(3);
  s.fill(month, 4'000, 400);
  // One order enters each of the statuses 2, 3 and 4, and one leaves it.
  for (int status = 1; status <= 4; ++status) {
    const auto& all = s.orders();
    const auto at = std::ranges::find(all, status, &shop::entry::status);
    s.move(at->id, status + 1 + 10);  // away, so that it is not found as one of the next status
  }
  for (const auto& order : std::vector(s.orders()))
    if (order.status > 10) s.move(order.id, order.status - 10);
  const auto result = check_once(s);
  EXPECT_THAT(s.stale(), IsEmpty());
  EXPECT_TRUE(result.settled);
}

TEST(count_check, orders_that_change_while_it_reads_are_found_by_the_next_checks) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    shop s(seed);
    s.fill(month, 3'000, 900);
    s.before_request = [&] { s.move_one(); };
    check_once(s);
    s.before_request = [] {};
    for (int i = 0; i < 3; ++i) check_once(s);
    EXPECT_THAT(s.stale(), IsEmpty()) << "seed " << seed;
    EXPECT_TRUE(check_once(s).equal) << "seed " << seed;
  }
}

TEST(count_check, reads_the_window_whole_where_many_orders_have_left_their_lists) {
  shop s(4);
  s.fill(month, 2'000, 1'000);
  for (const auto& order : std::vector(s.orders()))
    if (order.status < 5) s.move(order.id, 5);
  const auto result = check_once(s);
  EXPECT_EQ(result.changed, 1'000);
  EXPECT_THAT(s.stale(), IsEmpty());
  EXPECT_LT(s.requests(), 100);
}

TEST(count_check, learns_what_the_ends_of_a_window_count_differently) {
  shop s(5);
  s.fill(month, 100'000, 100'000);
  s.edge_shift = 30s;
  auto result = check_once(s);
  EXPECT_FALSE(result.equal);
  for (int i = 0; i < 3 && !result.equal; ++i) {
    if (result.too_large) break;
    result = check_once(s, result.offset);
  }
  EXPECT_TRUE(result.equal || result.too_large);

  shop small(6);
  small.fill(month, 90'000, 4'000);
  for (const auto& order : std::vector(small.orders()))
    if (order.created_at < month.begin + 40s) small.move(order.id, 2);
  small.mirror() = small.orders();
  small.edge_shift = 30s;
  result = check_once(small);
  EXPECT_TRUE(result.settled);
  EXPECT_THAT(result.offset, ElementsAre(std::pair(2, -2)));
  EXPECT_TRUE(check_once(small, result.offset).equal);
  small.move_one();
  EXPECT_EQ(check_once(small, result.offset).changed, 1);
}

TEST(count_check, suspects_an_order_that_the_list_of_its_status_leaves_out) {
  shop s(7);
  s.fill(month, 2'000, 300);
  for (const auto& order : s.orders())
    if (order.status == 2 && order.id > 100) {
      s.missed.insert(order.id);
      break;
    }
  const auto result = check_once(s);
  EXPECT_FALSE(result.settled);
  EXPECT_EQ(result.suspects, s.missed);
}

TEST(count_check, ends_where_counts_of_halves_contradict_those_of_the_whole) {
  shop s(9);
  s.fill(month, 100'000, 40'000);
  s.move_one();
  count_check check(month, {}, rules);
  bool cut = false;
  s.before_cut = [&] {
    // What differed is no longer so: an order of the same status has come into the first half.
    if (std::exchange(cut, true)) return;
    s.mirror() = s.orders();
  };
  EXPECT_FALSE(s.perform(check).equal);
  EXPECT_TRUE(cut);
  EXPECT_LT(s.requests(), 100);
}

TEST(count_check, learns_nothing_from_what_was_overtaken_by_another_read) {
  shop s(10);
  s.fill(month, 3'000, 300);
  s.move_one();
  s.overtaken = true;
  const auto result = check_once(s);
  EXPECT_FALSE(result.settled);
  EXPECT_THAT(result.offset, IsEmpty());
  s.overtaken = false;
  EXPECT_EQ(check_once(s, result.offset).changed, 1);
}

TEST(count_check, learns_nothing_from_an_order_of_which_nobody_knows_what_became) {
  shop s(11);
  s.fill(month, 3'000, 300);
  const auto& all = s.orders();
  const auto id = std::ranges::find(all, 4, &shop::entry::status)->id;
  s.move(id, 5);
  s.lost = {id};
  const auto result = check_once(s);
  EXPECT_FALSE(result.settled);
  EXPECT_THAT(result.offset, IsEmpty());
}

TEST(count_check, lists_all_orders_where_one_that_is_gone_has_no_number) {
  shop s(12);
  s.fill(month, 800, 300);
  const auto& all = s.orders();
  const auto id = std::ranges::find(all, 4, &shop::entry::status)->id;
  s.move(id, 5);
  s.numberless = {id};
  EXPECT_TRUE(check_once(s).settled);
  EXPECT_THAT(s.stale(), IsEmpty());
}

TEST(count_check, reads_no_page_that_lies_too_deep) {
  shop s(13);
  s.fill(month, 8'000, 8'000);
  for (int i = 0; i < 200; ++i) s.move_one();
  auto deep = rules;
  deep.most_listed = 500;
  // Moves in one half that hide those in another are found by the next checks.
  for (int i = 0; i < 4; ++i) {
    count_check check(month, {}, deep);
    s.perform(check);
  }
  EXPECT_LE(s.deepest_asked, 500);
  EXPECT_THAT(s.stale(), IsEmpty());
}

TEST(count_check, stores_what_it_has_read_before_it_holds_too_much) {
  shop s(14);
  s.fill(month, 4'000, 2'000);
  for (int i = 0; i < 400; ++i) s.move_one();
  auto small = rules;
  small.most_held = 100;
  count_check check(month, {}, small);
  s.perform(check);
  EXPECT_LE(s.largest_batch, 150U);
  EXPECT_THAT(s.stale(), IsEmpty());
}

TEST(count_check, an_api_that_counts_nothing_settles_nothing) {
  shop s(8);
  s.fill(month, 500, 100);
  for (const auto& order : s.orders()) s.missed.insert(order.id);
  EXPECT_FALSE(check_once(s).settled);
}

}  // namespace
}  // namespace ordersync::sync::recheck
