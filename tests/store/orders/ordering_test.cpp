// Which of two observations of an order stays, and whose an order is.
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;

class ordering : public store_test {
 protected:
  // The order in another state.
  static core::order in_status(core::order o, std::int64_t status) {
    o.order_status = status;
    rehash(o);
    return o;
  }
  std::string status_of(std::int64_t id) {
    return value("SELECT order_status FROM ordersync.orders WHERE id = " + std::to_string(id));
  }
  static sync::window_batch of_account(std::string account, sync::window_batch batch) {
    batch.account = std::move(account);
    return batch;
  }
};

TEST_F(ordering, an_older_observation_never_overwrites_a_newer_one) {
  commit(proven_batch(span(0, 60), {in_status(sample_order(1), 5)}, 1000));
  const auto before = row_versions();
  const auto summary = commit(proven_batch(span(0, 60), {in_status(sample_order(1), 2)}, 500));
  EXPECT_EQ(summary.outdated, 1);
  EXPECT_EQ(summary.changed, 0);
  EXPECT_EQ(row_versions(), before);
}

TEST_F(ordering, a_read_that_ended_after_this_one_began_may_have_seen_the_order_later) {
  const auto order = in_status(sample_order(1), 5);
  commit(proven_batch(span(0, 60), {order}, 500));
  commit(proven_batch(span(0, 60), {order}, 1000));  // unchanged: leaves no trace in the row
  const auto summary = commit(proven_batch(span(0, 60), {in_status(sample_order(1), 2)}, 900));
  EXPECT_EQ(summary.outdated, 1);
  EXPECT_EQ(status_of(1), "5");
}

TEST_F(ordering, a_window_with_an_outdated_order_is_stored_but_not_proven) {
  commit(proven_batch(span(0, 60), {in_status(sample_order(1), 5)}, 1000));
  const auto summary = commit(proven_batch(span(0, 120), {in_status(sample_order(1), 2), sample_order(2)}, 500));
  EXPECT_EQ(summary.outdated, 1);
  EXPECT_EQ(summary.created, 1);
  EXPECT_EQ(status_of(2), "7");
  EXPECT_EQ(table("SELECT outcome, outdated, proven FROM ordersync.sweeps ORDER BY id DESC LIMIT 1"), "unproven,1,");
  EXPECT_THAT(value("SELECT reason FROM ordersync.sweeps ORDER BY id DESC LIMIT 1"),
              HasSubstr("another sweep has stored meanwhile"));
  EXPECT_EQ(run(store_->unproven("main", span(0, 120))).value(), std::vector{span(60, 120)});
}

TEST_F(ordering, read_again_the_window_is_proven) {
  commit(proven_batch(span(0, 60), {in_status(sample_order(1), 5)}, 1000));
  commit(proven_batch(span(0, 120), {in_status(sample_order(1), 2)}, 500));
  EXPECT_EQ(commit(proven_batch(span(0, 120), {in_status(sample_order(1), 6)}, 1100)).changed, 1);
  EXPECT_EQ(status_of(1), "6");
  EXPECT_TRUE(run(store_->unproven("main", span(0, 120))).value().empty());
}

TEST_F(ordering, a_later_read_of_other_creation_times_changes_nothing) {
  commit(proven_batch(span(0, 60), {sample_order(1, 10)}, 500));
  commit(proven_batch(span(600, 700), {sample_order(2, 650)}, 1000));
  EXPECT_EQ(commit(proven_batch(span(0, 700), {in_status(sample_order(1, 10), 2)}, 900)).changed, 1);
}

TEST_F(ordering, a_read_apart_from_windows_has_seen_its_own_orders_alone) {
  commit(proven_batch(span(0, 60), {in_status(sample_order(1), 1), in_status(sample_order(2), 1)}, 500));
  auto apart = unproven_batch(span(0, 60), {in_status(sample_order(1), 5)}, 1000);
  apart.outcome = sync::sweep_outcome::partial;
  apart.apart = true;
  ASSERT_EQ(commit(apart).changed, 1);
  const auto summary =
      commit(proven_batch(span(0, 60), {in_status(sample_order(1), 2), in_status(sample_order(2), 2)}, 900));
  EXPECT_EQ(summary.outdated, 1);
  EXPECT_EQ(summary.changed, 1);
  EXPECT_EQ(status_of(1), "5");
  EXPECT_EQ(status_of(2), "2");
}

TEST_F(ordering, a_window_that_was_only_split_has_seen_no_order) {
  commit(proven_batch(span(0, 60), {sample_order(1)}, 500));
  auto split = unproven_batch(span(0, 60), {}, 1000);
  split.outcome = sync::sweep_outcome::split;
  commit(split);
  EXPECT_EQ(commit(proven_batch(span(0, 60), {in_status(sample_order(1), 2)}, 900)).changed, 1);
}

TEST_F(ordering, the_parts_of_one_read_do_not_outdate_each_other) {
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 500));
  auto part = unproven_batch(span(0, 60), {in_status(sample_order(1), 2)}, 1000);
  part.outcome = sync::sweep_outcome::partial;
  part.finished_at = at_ms(1005);
  commit(part);
  // Pages are read at the same time, so an order of the second part may have been asked for before the first part
  // ended.
  auto rest = proven_batch(span(0, 60), {in_status(sample_order(2), 2)}, 1000);
  rest.finished_at = at_ms(1010);
  EXPECT_EQ(commit(rest).changed, 1);
  EXPECT_EQ(status_of(2), "2");
}

TEST_F(ordering, of_two_accounts_whichever_reads_an_order_later_wins) {
  open("second");
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 100));
  // From here on "main" is refused.
  const auto theirs = of_account("second", proven_batch(span(0, 60), {in_status(sample_order(1), 2)}, 200));
  EXPECT_EQ(commit(theirs).changed, 1);
  EXPECT_EQ(status_of(1), "2");
  EXPECT_EQ(table("SELECT DISTINCT _account, account FROM ordersync.orders o JOIN reporting.order_versions v ON "
                  "v.order_key = o.id"),
            "main,main");
  EXPECT_EQ(run(store_->unproven("second", span(0, 60))).value(), std::vector<core::window>{});
}

// Both see the same life of the order, each with its own delay.
TEST_F(ordering, the_history_of_an_order_that_two_accounts_read_does_not_flip_between_them) {
  open("second");
  commit(proven_batch(span(0, 60), {sample_order(1)}, 100));
  int observed = 200;
  for (const int status : {1, 2, 3}) {
    const auto now = proven_batch(span(0, 60), {in_status(sample_order(1), status)}, observed);
    const auto before =
        proven_batch(span(0, 60), {in_status(sample_order(1), status == 1 ? 7 : status - 1)}, observed - 10);
    if (status == 2) {
      commit(now);
      EXPECT_EQ(commit(of_account("second", before)).outdated, 1);
    } else {
      commit(of_account("second", now));
      EXPECT_EQ(commit(before).outdated, 1);
    }
    observed += 100;
  }
  EXPECT_EQ(value("SELECT string_agg(order_status::text, ' ' ORDER BY version) "
                  "FROM reporting.order_versions"),
            "7 1 2 3");
}

TEST_F(ordering, a_later_read_of_another_account_that_saw_the_order_unchanged_counts) {
  open("second");
  commit(proven_batch(span(0, 60), {sample_order(1)}, 100));
  EXPECT_EQ(commit(of_account("second", proven_batch(span(0, 60), {sample_order(1)}, 1000))).unchanged, 1);
  EXPECT_EQ(commit(proven_batch(span(0, 60), {in_status(sample_order(1), 2)}, 900)).outdated, 1);
  EXPECT_EQ(status_of(1), "7");
  // The other way round: their read began before ours ended.
  EXPECT_EQ(commit(proven_batch(span(0, 60), {sample_order(1)}, 2000)).unchanged, 1);
  EXPECT_EQ(commit(of_account("second", proven_batch(span(0, 60), {in_status(sample_order(1), 2)}, 1900))).outdated, 1);
  EXPECT_EQ(status_of(1), "7");
}

TEST_F(ordering, accounts_that_share_no_order_do_not_hold_each_other_up) {
  open("second");
  commit(proven_batch(span(0, 60), {sample_order(1)}, 100));
  commit(of_account("second", proven_batch(span(0, 60), {sample_order(2)}, 1000)));
  EXPECT_EQ(commit(proven_batch(span(0, 60), {in_status(sample_order(1), 2)}, 900)).changed, 1);
  EXPECT_EQ(table("SELECT account, of_others FROM ordersync.sweeps ORDER BY id"), "main,0\nsecond,0\nmain,0");
}

TEST_F(ordering, a_vanished_order_that_another_account_shows_becomes_its) {
  open("second");
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 100));
  ASSERT_EQ(run(store_->mark_vanished("main", {1}, at_ms(200))).value(), 1);
  const auto theirs = of_account("second", proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 300));
  EXPECT_EQ(commit(theirs).changed, 1);
  EXPECT_EQ(table("SELECT id, _account, _vanished_at FROM ordersync.orders ORDER BY id"), "1,second,\n2,main,");
  EXPECT_EQ(value("SELECT string_agg(concat_ws(' ', account, vanished), ', ' ORDER BY version) "
                  "FROM reporting.order_versions WHERE order_key = 1"),
            "main f, main t, second f");
  // It stays with whom it came back to.
  EXPECT_EQ(commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 400)).unchanged, 2);
}

TEST_F(ordering, an_order_whose_account_is_configured_no_more_is_adopted_by_who_sees_it) {
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 100));
  store_->reconfigure("", {"second"}, {});
  open("second");
  const auto theirs =
      of_account("second", proven_batch(span(0, 60), {sample_order(1), in_status(sample_order(2), 2)}, 200));
  EXPECT_EQ(commit(theirs).changed, 2);
  EXPECT_EQ(table("SELECT id, _account, _version, order_status, _changed_at = _first_seen_at FROM ordersync.orders "
                  "ORDER BY id"),
            "1,second,1,7,t\n2,second,2,2,f");
}

TEST_F(ordering, of_two_writers_at_once_one_creates_an_order_and_the_other_finds_it) {
  auto other = another_store();
  ASSERT_TRUE(run(other->open_account({"main", "scope-1", "asked"})).has_value());
  std::vector<core::order> orders;
  for (int id = 1; id <= 300; ++id) orders.push_back(sample_order(id));
  std::int64_t created = 0, unchanged = 0;
  for (int round = 0; round < 5; ++round) {
    for (auto& o : orders) o.id += 1000;
    auto batch = proven_batch(span(0, 60), orders, 100 + round);
    auto theirs = std::async(std::launch::async, [&] { return run(other->commit(batch)); });
    const auto ours = commit(batch);
    const auto their_summary = theirs.get();
    ASSERT_TRUE(their_summary.has_value()) << their_summary.error().what;
    created += ours.created + their_summary->created;
    unchanged += ours.unchanged + their_summary->unchanged;
  }
  EXPECT_EQ(created, 1500);
  EXPECT_EQ(unchanged, 1500);
}

}  // namespace
}  // namespace ordersync::store_test
