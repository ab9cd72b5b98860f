// The counts that are kept with the orders, against the orders themselves.
#include "store/store_fixture.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace ordersync::store_test {
namespace {

using store::maintenance::counted_part;

constexpr int day = 86'400;

class order_counts : public store_test {
 protected:
  void SetUp() override {
    store_test::SetUp();
    open("second");
  }
  // account, day, status, orders, vanished, lines.
  std::string kept() {
    return table(
        "SELECT * FROM ordersync.order_counts WHERE orders <> 0 OR vanished <> 0 OR order_items <> 0 ORDER BY 1, 2, 3");
  }
  std::string truth() {
    return table(
        "SELECT _account, coalesce((created_at AT TIME ZONE 'UTC')::date, '-infinity'), coalesce(order_status, -1), "
        "count(*), count(*) FILTER (WHERE _vanished_at IS NOT NULL), sum((SELECT count(*) FROM ordersync.order_items i "
        "WHERE i.order_id = o.id)) FROM ordersync.orders o GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
  }
  void expect_exact(const std::string& after) { ASSERT_EQ(kept(), truth()) << after; }

  static core::order of_status(std::int64_t id, core::integer status, int created = 10) {
    auto o = sample_order(id, created);
    o.order_status = status;
    rehash(o);
    return o;
  }
  std::vector<store::maintenance::miscount> correct(const counted_part& of) {
    auto corrected = run(store_->maintenance().correct_counts(of));
    EXPECT_TRUE(corrected.has_value()) << corrected.error().what;
    return corrected ? *corrected : std::vector<store::maintenance::miscount>{};
  }
};

TEST_F(order_counts, are_by_account_day_of_utc_and_status) {
  auto unknown = of_status(5, std::nullopt);
  unknown.created_at.reset();
  unknown.items.pop_back();
  rehash(unknown);
  commit(proven_batch(span(-1, 2 * day), {of_status(1, 2, -1), of_status(2, 2, 0), of_status(3, 2, day - 1),
                                          of_status(4, 5, day), unknown}));
  EXPECT_EQ(kept(),
            "main,-infinity,-1,1,0,1\nmain,2024-05-06,2,1,0,2\nmain,2024-05-07,2,2,0,4\nmain,2024-05-08,5,1,0,2");
  const auto status = run(store_->status()).value();
  EXPECT_EQ(status.orders, 5);
  EXPECT_EQ(status.order_items, 9);
  EXPECT_EQ(status.accounts.at(0).orders, 5);
  EXPECT_EQ(status.accounts.at(1).orders, 0);
}

TEST_F(order_counts, follow_what_becomes_of_an_order) {
  store_orders({of_status(1, 1), of_status(2, 1)});
  store_orders({of_status(1, 2), of_status(2, 1)}, 200);
  EXPECT_EQ(kept(), "main,2024-05-07,1,1,0,2\nmain,2024-05-07,2,1,0,2");
  auto moved = of_status(1, 2, day);
  moved.items.pop_back();
  rehash(moved);
  commit(proven_batch(span(day - 9, day + 9), {moved}, 300));
  EXPECT_EQ(kept(), "main,2024-05-07,1,1,0,2\nmain,2024-05-08,2,1,0,1");
  ASSERT_EQ(run(store_->mark_vanished("main", {1, 2}, at_ms(400))).value(), 2);
  EXPECT_EQ(kept(), "main,2024-05-07,1,1,1,2\nmain,2024-05-08,2,1,1,1");
  EXPECT_EQ(run(store_->status()).value().orders, 2);
  commit(proven_batch(span(day - 9, day + 9), {moved}, 500));
  EXPECT_EQ(kept(), "main,2024-05-07,1,1,1,2\nmain,2024-05-08,2,1,0,1");
}

TEST_F(order_counts, follow_orders_that_are_deleted_by_hand_and_come_back) {
  store_orders({of_status(1, 1), of_status(2, 2), of_status(3, 2)});
  ASSERT_EQ(run(store_->mark_vanished("main", {3}, at_ms(150))).value(), 1);
  execute("DELETE FROM ordersync.orders WHERE id IN (1, 3)");
  EXPECT_EQ(kept(), "main,2024-05-07,2,1,0,2");
  store_orders({of_status(1, 5), of_status(2, 2)}, 200);
  EXPECT_EQ(kept(), "main,2024-05-07,2,1,0,2\nmain,2024-05-07,5,1,0,2");
  execute("TRUNCATE ordersync.orders");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_counts"), "0");
}

// Its history stays, so that it is written over what that makes of it.
TEST_F(order_counts, include_an_order_that_returns_from_its_history) {
  store_orders({of_status(1, 1), of_status(2, 1)});
  store_orders({of_status(1, 2), of_status(2, 2)}, 200);
  execute(
      "SET session_replication_role = replica; DELETE FROM ordersync.orders; DELETE FROM ordersync.order_counts; "
      "RESET session_replication_role");
  store_orders({of_status(1, 5), of_status(2, 2)}, 300);
  EXPECT_EQ(kept(), "main,2024-05-07,2,1,0,2\nmain,2024-05-07,5,1,0,2");
  expect_exact("the return");
}

TEST_F(order_counts, subtract_an_order_once_that_is_deleted_while_it_is_written) {
  store_orders({of_status(1, 1), of_status(2, 1)});
  execute("BEGIN; DELETE FROM ordersync.orders WHERE id = 1");
  auto written = commit_meanwhile(proven_batch(span(0, 60), {of_status(1, 2), of_status(2, 2)}, 200));
  wait_until(
      "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_get_activity(NULL) "
      "WHERE usesysid = 'ordersync'::regrole))");
  execute("COMMIT");
  ASSERT_TRUE(written.get().has_value());
  expect_exact("the deletion");
  EXPECT_EQ(kept(), "main,2024-05-07,2,2,0,4");
}

TEST_F(order_counts, of_a_write_that_failed_are_as_before) {
  store_orders({of_status(1, 1)});
  execute(
      "CREATE FUNCTION public.skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
      "CREATE TRIGGER skip BEFORE UPDATE ON ordersync.orders FOR EACH ROW EXECUTE FUNCTION public.skip()");
  commit_fails(proven_batch(span(0, 60), {of_status(1, 2), of_status(2, 2)}, 200));
  EXPECT_EQ(kept(), "main,2024-05-07,1,1,0,2");
}

TEST_F(order_counts, are_exact_whatever_happens) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random{seed};
  const auto upto = [&](int most) { return std::uniform_int_distribution{0, most}(random); };
  // Knows only the second account, so it takes over what belongs to the first.
  const auto heir = another_store({"second"});
  ASSERT_TRUE(run(heir->open_account({"second", "scope-1", "asked for scope-1"})).has_value());
  const auto random_order = [&](std::int64_t id) {
    auto o = of_status(id, upto(7) == 0 ? core::integer{} : core::integer{upto(4)}, (upto(2) - 1) * day);
    if (upto(9) == 0) o.created_at.reset();
    if (upto(1) == 0) o.items.resize(static_cast<std::size_t>(upto(2)));
    rehash(o);
    return o;
  };
  for (int step = 1; step <= 120; ++step) {
    const int observed = 100 * step;
    std::vector<core::order> orders;
    for (std::int64_t id = 1; id <= 30; ++id)
      if (upto(2) == 0) orders.push_back(random_order(id));
    const auto ids = value(
        "SELECT coalesce(string_agg(id::text, ',') , '0') FROM (SELECT id FROM ordersync.orders "
        "ORDER BY random() LIMIT 3) few");
    const auto what = upto(9);
    if (what == 0) {
      execute(fmt::format("DELETE FROM ordersync.orders WHERE id IN ({})", ids));
    } else if (what <= 2) {
      std::vector<std::int64_t> all(30);
      for (std::int64_t id = 1; id <= 30; ++id) all[static_cast<std::size_t>(id - 1)] = id;
      all.resize(static_cast<std::size_t>(upto(20)));
      ASSERT_TRUE(run(store_->mark_vanished(upto(1) == 0 ? "main" : "second", all, at_ms(observed))).has_value());
    } else if (what == 3) {
      for (auto& o : orders) o.observed_at = at_ms(observed);
      ASSERT_TRUE(run(store_->maintenance().rewrite(orders)).has_value());
    } else {
      auto batch = unproven_batch(span(-2 * day, 2 * day), orders, observed);
      if (upto(1) == 0) batch.account = "second";
      auto& by = batch.account == "second" && upto(2) == 0 ? *heir : *store_;
      const auto written = run(by.commit(std::move(batch)));
      ASSERT_TRUE(written.has_value()) << written.error().what;
    }
    expect_exact(fmt::format("step {} of kind {}", step, what));
  }
  EXPECT_GT(std::stoi(value("SELECT count(*) FROM ordersync.order_history")), 50);
}

TEST_F(order_counts, that_are_wrong_are_found_and_corrected_in_the_days_that_were_asked_for) {
  auto unknown = of_status(9, 2);
  unknown.created_at.reset();
  rehash(unknown);
  commit(proven_batch(span(0, 3 * day), {of_status(1, 1), of_status(2, 2, day), of_status(3, 2, 2 * day), unknown}));
  const auto right = kept();
  EXPECT_TRUE(run(store_->maintenance().miscounts({{}, span(0, 3 * day)})).value().empty());
  execute(
      "UPDATE ordersync.order_counts SET orders = orders + 1 WHERE day < '2024-05-09';"
      "DELETE FROM ordersync.order_counts WHERE day = '2024-05-08';"
      "INSERT INTO ordersync.order_counts VALUES ('gone', '2024-05-07', 3, 4, 1, 8)");
  const auto found = run(store_->maintenance().miscounts({{}, span(day - 1, day + 1)})).value();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].account, "gone");
  EXPECT_EQ(found[0].orders, -4);
  EXPECT_EQ(found[0].vanished, -1);
  EXPECT_EQ(found[0].items, -8);
  EXPECT_EQ(found[1].orders, -1);
  EXPECT_EQ(found[2].day, std::chrono::floor<std::chrono::days>(at(day)));
  EXPECT_EQ(found[2].status, 2);
  EXPECT_EQ(found[2].items, 2);
  EXPECT_EQ(correct({"main", span(day - 1, day + 1)}).size(), 2U);
  EXPECT_EQ(correct({"main", span(day - 1, day + 1)}).size(), 0U);
  EXPECT_EQ(correct({{}, span(0, 9 * day)}).size(), 1U);
  const auto undated = correct({});
  ASSERT_EQ(undated.size(), 1U);
  EXPECT_EQ(undated[0].day, std::nullopt);
  EXPECT_EQ(kept(), right);
}

// A statement of the status page or of `status` must cost the same however many orders there are.
class status_of_a_large_mirror : public order_counts {
 protected:
  // Rows of orders and lines that were read, once what the sessions of the program did is accounted for.
  std::int64_t rows_read() {
    wait_until(
        "SELECT NOT EXISTS (SELECT FROM pg_stat_get_activity(NULL) WHERE usesysid = 'ordersync'::regrole AND datid = "
        "(SELECT oid FROM pg_database WHERE datname = current_database()))");
    return std::stoll(
        value("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) + (SELECT sum(idx_tup_read) FROM "
              "pg_stat_user_indexes WHERE relname IN ('orders', 'order_items')) FROM pg_stat_user_tables "
              "WHERE relname IN ('orders', 'order_items')"));
  }
};

TEST_F(status_of_a_large_mirror, is_read_without_reading_orders) {
  std::vector<core::order> orders;
  for (std::int64_t id = 1; id <= 2'000; ++id) orders.push_back(of_status(id, 1 + id % 7, static_cast<int>(id) * 60));
  commit(proven_batch(span(0, 2 * day), std::move(orders)));
  store_.reset();
  const auto before = rows_read();
  store_ = another_store();
  EXPECT_EQ(run(store_->status()).value().order_items, 4'000);
  ASSERT_TRUE(run(store_->coverage("main", span(0, 2 * day))).has_value());
  EXPECT_EQ(run(store_->recheck().count("main", span(0, day), {1, 2})).value(),
            (sync::recheck::status_counts{{1, 205}, {2, 206}}));
  store_.reset();
  const auto after = rows_read();
  EXPECT_LT(after, before + 100);
  // What counts orders is seen by this.
  store_ = another_store();
  EXPECT_EQ(run(store_->maintenance().count("main", span(0, 2 * day))).value().total.least, 2'000);
  store_.reset();
  EXPECT_GE(rows_read(), after + 2'000);
}

}  // namespace
}  // namespace ordersync::store_test
