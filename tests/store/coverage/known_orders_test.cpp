// Orders to try the API with, and how many there are.
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ordersync::store_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class known_orders : public store_test {
 protected:
  static core::order numbered(std::int64_t id, int created) {
    auto order = sample_order(id, created);
    order.tb_order_id = std::to_string(2'042'894'174'000 + id);
    return order;
  }
  // One a second.
  void store_many(int count) {
    std::vector<core::order> orders;
    for (int i = 0; i < count; ++i) orders.push_back(numbered(i, i));
    commit(proven_batch(span(0, count), std::move(orders), 5'000));
  }
  std::vector<store::coverage::known_order> ask(int count, std::uint64_t random = 1,
                                                const std::string& account = "main") {
    return run(store_->trials().known_orders(account, count, random)).value();
  }
  static std::vector<std::int64_t> ids(const std::vector<store::coverage::known_order>& orders) {
    std::vector<std::int64_t> all;
    for (const auto& order : orders) all.push_back(order.id);
    return all;
  }
};

TEST_F(known_orders, hold_what_a_look_up_needs) {
  auto order = numbered(7, 20);
  order.order_status.reset();
  order.tb_created_at.reset();
  commit(proven_batch(span(0, 60), {numbered(3, 10), order}));
  const auto found = ask(10);
  ASSERT_THAT(ids(found), ElementsAre(7, 3));
  EXPECT_EQ(found[0].tb_order_id, "2042894174007");
  EXPECT_EQ(found[0].created_at, at_ms(20, 123));
  EXPECT_FALSE(found[0].tb_created_at);
  EXPECT_FALSE(found[0].order_status);
  EXPECT_EQ(found[1].tb_created_at, at_ms(10));
  EXPECT_EQ(found[1].order_status, 7);
}

TEST_F(known_orders, of_an_empty_mirror_or_none_asked_for_are_none) {
  EXPECT_THAT(ask(10), IsEmpty());
  store_many(3);
  EXPECT_THAT(ask(0), IsEmpty());
}

TEST_F(known_orders, that_cannot_be_looked_up_are_left_out) {
  auto without_number = numbered(1, 10);
  auto without_time = numbered(2, 11);
  without_number.tb_order_id = "n/a";
  without_time.created_at.reset();
  commit(proven_batch(span(0, 60), {without_number, without_time, numbered(3, 12), numbered(4, 13)}));
  ASSERT_EQ(run(store_->mark_vanished("main", {3}, at_ms(200))).value(), 1);
  open("second");
  auto theirs = proven_batch(span(0, 60), {numbered(5, 14)}, 300);
  theirs.account = "second";
  commit(theirs);
  EXPECT_THAT(ids(ask(100)), ElementsAre(4));
  EXPECT_THAT(ids(ask(100, 1, "second")), ElementsAre(5));
}

TEST_F(known_orders, are_half_the_newest_and_half_spread_over_time) {
  store_many(3'000);
  const auto found = ids(ask(40));
  ASSERT_GT(found.size(), 30U);
  ASSERT_LE(found.size(), 40U);
  for (std::int64_t i = 0; i < 20; ++i) EXPECT_EQ(found[static_cast<std::size_t>(i)], 2'999 - i);
  EXPECT_EQ(std::set(found.begin(), found.end()).size(), found.size());
  std::set<std::int64_t> thirds;
  for (std::size_t i = 20; i < found.size(); ++i) thirds.insert(found[i] / 1'000);
  EXPECT_EQ(thirds.size(), 3U);
}

TEST_F(known_orders, follow_from_the_seed) {
  store_many(2'000);
  EXPECT_EQ(ids(ask(20, 7)), ids(ask(20, 7)));
  EXPECT_NE(ids(ask(20, 7)), ids(ask(20, 8)));
}

TEST_F(known_orders, are_found_without_walking_through_the_table) {
  execute(
      "INSERT INTO ordersync.orders (id, tb_order_id, created_at, _account, _first_seen_at, _changed_at, "
      "_observed_at, _version, _content_hash) SELECT n, n::text, to_timestamp(n * 100), 'second', now(), now(), "
      "now(), 1, '\\x00' FROM generate_series(1, 200000) n; ANALYZE ordersync.orders");
  open("second");
  kill_sessions();  // which report what they have read as they end
  execute("SELECT pg_stat_reset()");
  EXPECT_THAT(ask(20), IsEmpty());
  EXPECT_EQ(ask(20, 1, "second").size(), 20U);
  kill_sessions();
  EXPECT_EQ(value("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'orders'"), "0");
}

TEST_F(known_orders, are_counted_by_creation_and_mark) {
  commit(proven_batch(span(0, 60), {numbered(1, 10), numbered(2, 20), numbered(3, 30), numbered(4, 40)}));
  ASSERT_EQ(run(store_->mark_vanished("main", {1}, at_ms(200))).value(), 1);
  ASSERT_EQ(run(store_->mark_vanished("main", {2, 3}, at_ms(300))).value(), 2);
  auto& trials = store_->trials();
  EXPECT_EQ(run(trials.vanished_within("main", span(0, 60), at_ms(200))).value(), 3);
  EXPECT_EQ(run(trials.vanished_within("main", span(0, 60), at_ms(201))).value(), 2);
  EXPECT_EQ(run(trials.vanished_within("main", span(25, 60), at_ms(0))).value(), 1);
  EXPECT_EQ(run(trials.vanished_within("main", store::coverage::whole_time_line, at_ms(0))).value(), 3);
  EXPECT_EQ(run(trials.vanished_within("second", span(0, 60), at_ms(0))).value(), 0);
  EXPECT_EQ(run(trials.held_within("main", span(0, 60))).value(), 1);
  EXPECT_EQ(run(trials.held_within("main", span(0, 40))).value(), 0);
  EXPECT_EQ(run(trials.held_within("main", store::coverage::whole_time_line)).value(), 1);
  EXPECT_EQ(run(trials.held_within("second", span(0, 60))).value(), 0);
}

}  // namespace
}  // namespace ordersync::store_test
