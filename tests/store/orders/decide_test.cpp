#include "store/orders/decide.hpp"

#include <gtest/gtest.h>

namespace ordersync::store::orders {
namespace {

const std::vector<std::string> configured{"main", "second"};

core::instant at(int seconds) {
  return core::instant{std::chrono::seconds{seconds}};
}

core::order seen(int observed, unsigned char hash) {
  core::order o;
  o.id = 1;
  o.observed_at = at(observed);
  o.content_hash.fill(hash);
  return o;
}

stored_order held(std::string account, int observed, unsigned char hash) {
  stored_order row;
  row.account = std::move(account);
  row.observed_at = at(observed);
  row.content_hash.fill(hash);
  return row;
}

verdict decided(const core::order& o, const stored_order& row) {
  return decide(o, &row, "main", configured);
}

TEST(decide, an_order_nobody_saw_is_created) {
  EXPECT_EQ(decide(seen(10, 1), nullptr, "main", configured), verdict::create);
}

TEST(decide, an_equal_hash_means_there_is_nothing_to_write) {
  EXPECT_EQ(decided(seen(10, 1), held("main", 5, 1)), verdict::unchanged);
  EXPECT_EQ(decided(seen(3, 1), held("main", 5, 1)), verdict::unchanged);
}

TEST(decide, a_newer_observation_changes_and_an_older_one_never_does) {
  EXPECT_EQ(decided(seen(10, 2), held("main", 5, 1)), verdict::change);
  EXPECT_EQ(decided(seen(5, 2), held("main", 5, 1)), verdict::change);
  EXPECT_EQ(decided(seen(4, 2), held("main", 5, 1)), verdict::outdated);
}

TEST(decide, another_configured_accounts_order_is_taken_from_whoever_reads_it_later) {
  EXPECT_EQ(decided(seen(10, 2), held("second", 5, 1)), verdict::change);
  EXPECT_EQ(decided(seen(10, 1), held("second", 5, 1)), verdict::unchanged);
  EXPECT_EQ(decided(seen(4, 2), held("second", 5, 1)), verdict::outdated);
}

TEST(decide, a_vanished_order_becomes_the_account_that_sees_it_again) {
  auto own = held("main", 5, 1);
  auto theirs = held("second", 5, 1);
  own.vanished = theirs.vanished = true;
  EXPECT_EQ(decided(seen(10, 1), own), verdict::change);
  EXPECT_EQ(decided(seen(10, 1), theirs), verdict::adopt);
  EXPECT_EQ(decided(seen(10, 2), theirs), verdict::adopt);
  EXPECT_EQ(decided(seen(4, 1), theirs), verdict::unchanged);
  EXPECT_EQ(decided(seen(4, 2), theirs), verdict::outdated);
}

TEST(decide, an_order_whose_account_is_configured_no_more_is_adopted) {
  EXPECT_EQ(decided(seen(10, 2), held("gone", 5, 1)), verdict::adopt);
  EXPECT_EQ(decided(seen(10, 1), held("gone", 5, 1)), verdict::adopt);
  EXPECT_EQ(decided(seen(4, 1), held("gone", 5, 1)), verdict::unchanged);
  EXPECT_EQ(decided(seen(4, 2), held("gone", 5, 1)), verdict::outdated);
}

stored_read read_of(int begin, int end, int finished) {
  return {"main", {core::second{std::chrono::seconds{begin}}, core::second{std::chrono::seconds{end}}}, at(finished)};
}
bool overtaken(const core::order& order, const std::vector<stored_read>& reads) {
  return store::orders::overtaken(order, "main", reads);
}

core::order created(std::optional<int> created_at, std::optional<int> tb_created_at, int observed) {
  auto o = seen(observed, 1);
  if (created_at) o.created_at = at(*created_at);
  if (tb_created_at) o.tb_created_at = at(*tb_created_at);
  return o;
}

TEST(overtaken, a_read_that_ended_after_the_observation_may_have_seen_the_order_later) {
  EXPECT_TRUE(overtaken(created(500, 500, 1000), {read_of(400, 600, 1001)}));
  EXPECT_FALSE(overtaken(created(500, 500, 1000), {read_of(400, 600, 1000)}));
  EXPECT_FALSE(overtaken(created(500, 500, 1000), {}));
}

TEST(overtaken, a_read_of_other_creation_times_cannot_have_seen_it) {
  EXPECT_FALSE(overtaken(created(500, 500, 1000), {read_of(600, 700, 1001)}));
  EXPECT_TRUE(overtaken(created(500, 500, 1000), {read_of(600, 700, 1001), read_of(0, 501, 1001)}));
}

TEST(overtaken, the_edges_of_a_read_are_taken_a_minute_wide_and_either_creation_time_counts) {
  EXPECT_TRUE(overtaken(created(541, 100, 1000), {read_of(600, 700, 1001)}));
  EXPECT_TRUE(overtaken(created(100, 541, 1000), {read_of(600, 700, 1001)}));
  EXPECT_TRUE(overtaken(created(std::nullopt, 541, 1000), {read_of(600, 700, 1001)}));
  EXPECT_FALSE(overtaken(created(539, 539, 1000), {read_of(600, 700, 1001)}));
}

TEST(overtaken, another_accounts_read_may_have_seen_it_only_if_it_showed_orders_of_others) {
  auto theirs = read_of(400, 600, 1001);
  theirs.account = "second";
  EXPECT_FALSE(overtaken(created(500, 500, 1000), {theirs}));
  EXPECT_TRUE(store::orders::overtaken(created(500, 500, 1000), "second", {theirs}));
  theirs.of_others = true;
  EXPECT_TRUE(overtaken(created(500, 500, 1000), {theirs}));
  EXPECT_TRUE(store::orders::overtaken(created(500, 500, 1000), "third", {theirs}));
}

TEST(overtaken, an_order_without_creation_times_may_have_been_in_any_read) {
  EXPECT_TRUE(overtaken(created(std::nullopt, std::nullopt, 1000), {read_of(600, 700, 1001)}));
}

}  // namespace
}  // namespace ordersync::store::orders
