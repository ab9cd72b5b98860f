// What checks by counts need of the mirror.
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace ordersync::store_test {
namespace {

using sync::recheck::status_counts;
using ::testing::HasSubstr;
using ::testing::Not;

class recheck : public store_test {
 protected:
  static core::order of_status(std::int64_t id, int created, std::int64_t status) {
    auto order = sample_order(id, created);
    order.tb_order_id = "10" + std::to_string(id);
    order.order_status = status;
    rehash(order);
    return order;
  }
  status_counts count(core::window w, const std::string& account = "main") {
    return run(store_->recheck().count(account, w, {1, 2, 3, 4, 8, 77})).value();
  }
  std::optional<core::second> middle(core::window w) {
    return run(store_->recheck().middle("main", w, {1, 2})).value();
  }
};

TEST_F(recheck, counts_the_open_orders_of_a_window_by_status) {
  commit(proven_batch(span(0, 1'000), {of_status(1, 10, 1), of_status(2, 20, 2), of_status(3, 30, 2),
                                       of_status(4, 40, 77), of_status(5, 50, 5), of_status(6, 900, 2)}));
  EXPECT_EQ(count(span(0, 900)), (status_counts{{1, 1}, {2, 2}, {3, 0}, {4, 0}, {8, 0}, {77, 1}}));
  EXPECT_EQ(count(span(11, 21)), (status_counts{{1, 0}, {2, 1}, {3, 0}, {4, 0}, {8, 0}, {77, 0}}));
  EXPECT_EQ(count(span(0, 900), "second")[2], 0);
}

TEST_F(recheck, does_not_count_vanished_orders) {
  commit(proven_batch(span(0, 1'000), {of_status(1, 10, 1), of_status(2, 20, 1)}));
  ASSERT_EQ(run(store_->mark_vanished("main", {1}, at_ms(5'000))).value(), 1);
  EXPECT_EQ(count(span(0, 900))[1], 1);
}

// Whole days are counted already, see order_counts; what is before and after them is not.
TEST_F(recheck, counts_windows_of_several_days_and_parts_of_days) {
  constexpr int hour = 3'600;
  std::vector<core::order> orders;
  for (int i = 0; i < 96; ++i) orders.push_back(of_status(i + 1, i * hour, i % 5 == 0 ? 5 : 1 + i % 2));
  commit(proven_batch(span(0, 97 * hour), orders));
  ASSERT_EQ(run(store_->mark_vanished("main", {30, 31, 75}, at_ms(500'000))).value(), 3);
  const std::vector<std::int64_t> gone{30, 31, 75};
  for (const int begin : {0, 1, 23, 24, 25, 40, 48})
    for (const int end : {0, 24, 25, 47, 48, 49, 71, 72, 96}) {
      status_counts expected{{1, 0}, {2, 0}, {3, 0}, {4, 0}, {8, 0}, {77, 0}};
      for (const auto& o : orders)
        if (span(begin * hour, end * hour).contains(*o.created_at) && o.order_status != 5 &&
            std::ranges::count(gone, o.id) == 0)
          ++expected[static_cast<int>(*o.order_status)];
      EXPECT_EQ(count(span(begin * hour, end * hour)), expected) << begin << " to " << end;
    }
}

TEST_F(recheck, shows_the_orders_that_it_counts) {
  commit(proven_batch(span(0, 1'000), {of_status(1, 10, 1), of_status(2, 20, 2), of_status(3, 30, 5)}));
  const auto orders = run(store_->recheck().open_orders("main", span(0, 900), {1, 2, 5})).value();
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_EQ(orders[0].id, 1);
  EXPECT_EQ(orders[0].status, 1);
  EXPECT_EQ(orders[0].tb_order_id, "101");
  EXPECT_EQ(orders[1].created_at, at_ms(20, 123));
}

TEST_F(recheck, cuts_a_window_in_the_middle_of_its_orders_at_a_quiet_second) {
  std::vector<core::order> orders;
  for (int i = 0; i < 10; ++i) orders.push_back(of_status(i + 1, i < 5 ? i * 10 : 800 + i * 10, 1));
  commit(proven_batch(span(0, 1'000), std::move(orders)));
  const auto at = middle(span(0, 1'000));
  ASSERT_TRUE(at);
  const auto left = count({::ordersync::store_test::at(0), *at})[1];
  EXPECT_TRUE(left >= 4 && left <= 6) << left;
  for (const int created : {40, 850})
    EXPECT_GT(std::chrono::abs(*at - ::ordersync::store_test::at(created)), std::chrono::seconds{2});
}

TEST_F(recheck, does_not_cut_where_there_are_no_two_orders) {
  EXPECT_EQ(middle(span(0, 1'000)), std::nullopt);
  commit(proven_batch(span(0, 1'000), {of_status(1, 10, 1)}));
  EXPECT_EQ(middle(span(0, 1'000)), std::nullopt);
}

TEST_F(recheck, a_cut_is_always_within_the_window) {
  std::vector<core::order> orders;
  for (int i = 0; i < 100; ++i) orders.push_back(of_status(i + 1, 10, 1));
  commit(proven_batch(span(0, 1'000), std::move(orders)));
  const auto at = middle(span(10, 11));
  EXPECT_EQ(at, std::nullopt);
}

TEST_F(recheck, finds_the_latest_quiet_second) {
  commit(proven_batch(span(0, 1'000), {of_status(1, 300, 1), of_status(2, 305, 5)}));
  EXPECT_EQ(run(store_->recheck().quiet_second(::ordersync::store_test::at(306))).value(),
            ::ordersync::store_test::at(297));
  EXPECT_EQ(run(store_->recheck().quiet_second(::ordersync::store_test::at(900))).value(),
            ::ordersync::store_test::at(900));
}

TEST_F(recheck, counts_by_the_index_alone) {
  execute(
      "INSERT INTO ordersync.orders (id, tb_order_id, order_status, created_at, _account, _first_seen_at, _changed_at, "
      "_observed_at, _version, _content_hash) SELECT n, n::text, CASE WHEN n % 50 = 0 THEN 2 ELSE 5 END, "
      "timestamptz '2024-05-07Z' + n * interval '1 minute', 'main', now(), now(), now(), 1, '' "
      "FROM generate_series(1, 100000) n");
  execute("VACUUM (ANALYZE) ordersync.orders");
  execute(
      "CREATE FUNCTION public.plan_of(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY "
      "EXECUTE 'EXPLAIN (COSTS off) ' || statement; END $$");
  const auto plan = table(
      "SELECT public.plan_of($q$SELECT s, (SELECT count(*) FROM ordersync.orders o WHERE o.order_status = "
      "s AND o._account = 'main' AND o.created_at >= '2024-05-07Z' AND o.created_at < '2024-08-07Z' AND "
      "o.order_status NOT IN (5, 6, 7) AND o._vanished_at IS NULL) FROM unnest('{1,2,3,4,8}'::integer[]) s$q$)");
  EXPECT_THAT(plan, HasSubstr("Index Only Scan using orders_open_counts"));
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan")));
  const core::window year{::ordersync::store_test::at(0), ::ordersync::store_test::at(0) + std::chrono::days{365}};
  ASSERT_TRUE(run(store_->maintenance().correct_counts({{}, year})).has_value());
  EXPECT_EQ(count(year)[2], 2'000);
}

TEST_F(recheck, keeps_one_row_of_each_account_for_status) {
  store::recheck::check_report report{.account = "main",
                                      .state = store::recheck::check_state::unusable,
                                      .reason = "because",
                                      .younger_than = std::chrono::days{180},
                                      .every = std::chrono::minutes{1},
                                      .period = std::chrono::seconds{95},
                                      .windows = 7,
                                      .oldest_checked_at = at_ms(50),
                                      .requests = 12,
                                      .changes = 3};
  ASSERT_TRUE(run(store_->recheck().write(report)).has_value());
  report.windows = 8;
  report.oldest_checked_at.reset();
  ASSERT_TRUE(run(store_->recheck().write(report)).has_value());
  const auto status = run(store_->status()).value();
  ASSERT_EQ(status.checks.size(), 1U);
  EXPECT_EQ(status.checks[0].reason, "because");
  EXPECT_EQ(status.checks[0].state, store::recheck::check_state::unusable);
  EXPECT_EQ(status.checks[0].period, std::chrono::seconds{95});
  EXPECT_EQ(status.checks[0].windows, 8);
  EXPECT_EQ(status.checks[0].oldest_checked_at, std::nullopt);
}

}  // namespace
}  // namespace ordersync::store_test
