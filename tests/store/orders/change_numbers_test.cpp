// The numbers of versions, in the order of commits.
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

#include <future>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;

class change_numbers : public store_test {
 protected:
  static core::order in_status(core::order o, std::int64_t status) {
    o.order_status = status;
    rehash(o);
    return o;
  }
  std::string changes(int after) {
    return table("SELECT change, order_id, version, vanished FROM reporting.changes(" + std::to_string(after) + ")");
  }
};

TEST_F(change_numbers, follow_each_other_without_a_hole_and_name_every_version) {
  commit(proven_batch(span(0, 60), {sample_order(2), sample_order(1)}, 100));
  commit(proven_batch(span(0, 60), {in_status(sample_order(1), 2), sample_order(2), sample_order(3)}, 200));
  ASSERT_EQ(run(store_->mark_vanished("main", {2}, at_ms(300))).value(), 1);
  EXPECT_EQ(changes(0), "1,1,1,f\n2,2,1,f\n3,1,2,f\n4,3,1,f\n5,2,2,t");
  EXPECT_EQ(changes(3), "4,3,1,f\n5,2,2,t");
  EXPECT_EQ(changes(5), "NULL");
  EXPECT_EQ(table("SELECT change FROM reporting.changes(1, 2)"), "2\n3");
}

TEST_F(change_numbers, are_not_drawn_for_a_read_that_changes_nothing) {
  commit(proven_batch(span(0, 60), {sample_order(1)}, 100));
  commit(proven_batch(span(0, 60), {sample_order(1)}, 200));
  EXPECT_EQ(changes(0), "1,1,1,f");
}

TEST_F(change_numbers, are_not_drawn_for_an_order_that_changes_hands_and_nothing_else) {
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 100));
  store_->reconfigure("", {"second"}, {});
  open("second");
  auto theirs = proven_batch(span(0, 60), {sample_order(1), in_status(sample_order(2), 2)}, 200);
  theirs.account = "second";
  EXPECT_EQ(commit(theirs).changed, 2);
  EXPECT_EQ(changes(2), "3,2,2,f");
}

TEST_F(change_numbers, name_versions_whose_order_was_deleted_no_more_and_go_on) {
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 100));
  execute("DELETE FROM ordersync.orders WHERE id = 1");
  EXPECT_EQ(changes(0), "2,2,1,f");
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 200));
  EXPECT_EQ(changes(1), "2,2,1,f\n3,1,1,f");
}

TEST_F(change_numbers, are_told_at_the_commit) {
  store::pg::connection listener{settings_for().url, "", never_};
  listener.listen("ordersync_changes");
  commit(proven_batch(span(0, 60), {sample_order(1)}, 100));
  EXPECT_TRUE(listener.wait_for_notification(std::chrono::steady_clock::now() + std::chrono::minutes{3}, never_));
}

// Whoever reads on from the greatest number seen misses none, however writers and reader overlap.
TEST_F(change_numbers, of_several_writers_are_never_seen_out_of_order) {
  auto other = another_store();
  ASSERT_TRUE(run(other->open_account({"main", "scope-1", "asked"})).has_value());
  constexpr int rounds = 40;
  const auto write = [&](auto& store, std::int64_t first) {
    for (int round = 0; round < rounds; ++round) {
      std::vector<core::order> orders;
      for (int i = 0; i < 5; ++i) orders.push_back(sample_order(first + round * 5 + i));
      ASSERT_TRUE(run(store->commit(proven_batch(span(0, 60), orders, 100 + round))).has_value());
    }
  };
  auto theirs = std::async(std::launch::async, [&] { write(other, 10'000); });
  auto ours = std::async(std::launch::async, [&] { write(store_, 20'000); });
  std::int64_t seen = 0, rows = 0;
  constexpr std::int64_t all = 2 * rounds * 5;
  while (rows < all) {
    const auto found =
        table("SELECT count(*), coalesce(min(change), 0), coalesce(max(change), 0) FROM reporting.changes(" +
              std::to_string(seen) + ")");
    std::int64_t count = 0, least = 0, greatest = 0;
    ASSERT_EQ(std::sscanf(found.c_str(), "%ld,%ld,%ld", &count, &least, &greatest), 3) << found;
    if (count == 0) continue;
    ASSERT_EQ(least, seen + 1);
    ASSERT_EQ(greatest, seen + count);
    seen = greatest;
    rows += count;
  }
  theirs.get();
  ours.get();
  EXPECT_EQ(rows, all);
}

}  // namespace
}  // namespace ordersync::store_test
