#include "sync/sweep/commit_queue.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::sweep {
namespace {

window_commit of(window_id id, int pages) {
  window_commit commit{.id = id, .batch = {}};
  commit.batch.pages = pages;
  return commit;
}

TEST(commit_queue, the_commits_of_a_window_go_one_after_the_other) {
  commit_queue queue;
  queue.push(of(1, 10));
  queue.push(of(1, 11));
  queue.push(of(2, 20));
  EXPECT_EQ(queue.next()->batch.pages, 10);
  EXPECT_EQ(queue.next()->batch.pages, 20) << "another window's need not wait";
  EXPECT_FALSE(queue.next());
  queue.answered(1);
  EXPECT_EQ(queue.next()->batch.pages, 11);
}

TEST(commit_queue, it_holds_a_window_until_its_last_commit_is_answered) {
  commit_queue queue;
  queue.push(of(1, 10));
  queue.push(of(1, 11));
  EXPECT_TRUE(queue.next());
  queue.answered(1);
  EXPECT_TRUE(queue.holds(1)) << "queued";
  EXPECT_TRUE(queue.next());
  EXPECT_TRUE(queue.none_queued());
  EXPECT_TRUE(queue.holds(1)) << "with the store";
  queue.answered(1);
  EXPECT_FALSE(queue.holds(1));
}

TEST(commit_queue, what_is_with_the_store_is_not_dropped) {
  commit_queue queue;
  queue.push(of(1, 10));
  queue.push(of(2, 20));
  EXPECT_TRUE(queue.next());
  queue.drop_queued();
  EXPECT_TRUE(queue.holds(1));
  EXPECT_FALSE(queue.holds(2));
}

TEST(commit_queue, it_counts_the_orders_that_the_store_has_not_confirmed) {
  commit_queue queue;
  EXPECT_FALSE(queue.had_orders());
  for (const auto orders : {3, 2}) {
    auto commit = of(1, 10);
    commit.batch.orders.resize(static_cast<std::size_t>(orders));
    queue.push(std::move(commit));
  }
  EXPECT_EQ(queue.orders(), 5U);
  EXPECT_TRUE(queue.next());
  EXPECT_EQ(queue.orders(), 5U) << "with the store";
  queue.answered(1);
  EXPECT_EQ(queue.orders(), 2U);
  queue.drop_queued();
  EXPECT_EQ(queue.orders(), 0U);
  EXPECT_TRUE(queue.had_orders());
}

}  // namespace
}  // namespace ordersync::sync::sweep
