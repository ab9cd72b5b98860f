// What others take out of the mirror: changes by number, and tables as streams.
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::feed::cell;
using store::feed::column;
using store::feed::selection;
using store::feed::subject;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class feed : public store_test {
 protected:
  static core::order in_status(core::order o, std::int64_t status) {
    o.order_status = status;
    rehash(o);
    return o;
  }
  store::feed::change_page page(std::int64_t after, std::int64_t at_most, std::optional<std::string> account = {}) {
    const auto found = run(store_->feed().changes(after, at_most, std::move(account)));
    EXPECT_TRUE(found.has_value()) << (found.has_error() ? found.error().what : "");
    return found.value();
  }
  static std::vector<std::string> lines(const store::feed::change_page& of) {
    std::vector<std::string> all;
    for (const auto& one : of.changes)
      all.push_back(std::to_string(one.number) + " " + one.order_id + " v" + std::to_string(one.version) + " " +
                    one.what);
    return all;
  }

  // One column of all rows; the first one begins with the names of all columns.
  std::vector<std::string> read(store::database& from, const selection& what, std::size_t shown = 0) {
    std::vector<std::string> all;
    const auto rows = run(from.feed().read(what, {[&](const std::vector<column>& columns) {
                                                    all.assign(1, "");
                                                    for (const auto& one : columns) all.front() += one.name + " ";
                                                    return true;
                                                  },
                                                  [&](const std::vector<cell>& cells) {
                                                    all.emplace_back(cells.at(shown).value_or("NULL"));
                                                    return true;
                                                  }}));
    EXPECT_TRUE(rows.has_value()) << (rows.has_error() ? rows.error().what : "");
    EXPECT_EQ(rows.has_value() ? *rows : -1, static_cast<std::int64_t>(all.size()) - 1);
    return all;
  }
  std::vector<std::string> ids(const selection& what) {
    auto all = read(*store_, what);
    all.erase(all.begin());
    return all;
  }
  std::string columns_of(const std::string& view) {
    return value(
        "SELECT string_agg(attname || ' ', '' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'reporting." + view +
        "'::regclass AND attnum > 0 AND attname NOT IN ('order_key', 'item_key', 'age', 'days_in_status')");
  }
  // Of a role of its own that has the rights of `of`.
  std::unique_ptr<store::database> store_of_member(const std::string& of) {
    const auto role = "member_of_" + of;
    execute("DO $$ BEGIN CREATE ROLE " + role + " LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    execute("GRANT " + of + " TO " + role);
    auto settings = settings_for();
    settings.url = test_support::shared_cluster().connection_url(database_, role);
    return store::make_database(settings, log_);
  }
};

TEST_F(feed, changes_come_in_pages_of_numbers) {
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, 100));
  commit(proven_batch(span(0, 60), {in_status(sample_order(1), 2), sample_order(2)}, 200));
  const auto first = page(0, 2);
  EXPECT_THAT(lines(first),
              ElementsAre("1 1 v1 first seen: terminated, 45.18 yuan", "2 2 v1 first seen: terminated, 45.18 yuan"));
  EXPECT_EQ(first.through, 2);
  EXPECT_EQ(first.greatest, 3);
  const auto second = page(2, 1000);
  EXPECT_THAT(lines(second), ElementsAre("3 1 v2 order_status: terminated -> awaiting shipment"));
  EXPECT_EQ(second.through, 3);
  EXPECT_EQ(second.changes.front().at, at_ms(200));
  EXPECT_EQ(second.changes.front().status, "awaiting shipment");
  EXPECT_THAT(page(3, 1000).changes, IsEmpty());
}

TEST_F(feed, a_page_of_changes_looks_at_its_own_transactions_alone) {
  execute(
      "INSERT INTO ordersync.change_batches SELECT id, id, ARRAY[id], ARRAY[1] FROM generate_series(1, 10000) AS id");
  execute("VACUUM ANALYZE ordersync.change_batches");
  const std::string read =
      "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'change_batches'";
  const auto before = std::stoll(value(read));
  EXPECT_EQ(page(0, 3).through, 3);
  wait_until("SELECT (" + read + ") > " + std::to_string(before));
  EXPECT_LT(std::stoll(value(read)) - before, 20);
}

TEST_F(feed, changes_are_worded_as_in_the_timeline) {
  commit(proven_batch(span(0, 60), {sample_order(1)}, 100));
  auto dearer = in_status(sample_order(1), 2);
  dearer.total_amount_fen = 5000;
  rehash(dearer);
  commit(proven_batch(span(0, 60), {dearer}, 200));
  ASSERT_EQ(run(store_->mark_vanished("main", {1}, at_ms(300))).value(), 1);
  std::string said;
  for (const auto& one : page(0, 1000).changes) said += one.what + "\n";
  said.pop_back();
  EXPECT_EQ(said, value("SELECT string_agg(what, chr(10) ORDER BY version) FROM reporting.order_timeline"));
}

TEST_F(feed, changes_have_the_columns_of_the_view) {
  std::string names;
  for (const auto& one : store::feed::change_columns()) names += one.name + " ";
  EXPECT_EQ(names, value("SELECT string_agg(n || ' ', '' ORDER BY i) FROM pg_proc, unnest(proargnames, proargmodes) "
                         "WITH ORDINALITY AS a (n, mode, i) WHERE oid = 'reporting.changes'::regproc AND mode = 't' "
                         "AND n <> 'order_key'"));
}

TEST_F(feed, changes_go_on_over_numbers_whose_order_is_gone) {
  commit(proven_batch(span(0, 60), {sample_order(1), sample_order(2), sample_order(3)}, 100));
  execute("DELETE FROM ordersync.orders WHERE id IN (1, 2)");
  EXPECT_THAT(page(0, 2).changes, IsEmpty());
  EXPECT_EQ(page(0, 2).through, 2);
  EXPECT_EQ(lines(page(2, 2)).size(), 1U);
}

TEST_F(feed, changes_of_one_account_leave_the_others_out) {
  commit(proven_batch(span(0, 60), {sample_order(1)}, 100));
  open("second");
  auto theirs = proven_batch(span(0, 60), {sample_order(2)}, 200);
  theirs.account = "second";
  commit(theirs);
  EXPECT_EQ(lines(page(0, 1000)).size(), 2U);
  EXPECT_THAT(lines(page(0, 1000, "second")), ElementsAre(HasSubstr("2 2 v1")));
  EXPECT_EQ(page(0, 1, "second").through, 1);
}

TEST_F(feed, changes_after_a_number_that_there_is_not_are_refused) {
  EXPECT_EQ(page(0, 1000).greatest, 0);
  commit(proven_batch(span(0, 60), {sample_order(1)}, 100));
  const auto found = run(store_->feed().changes(2, 1000, {}));
  ASSERT_TRUE(found.has_error());
  EXPECT_EQ(found.error().kind, core::failure::input);
  EXPECT_THAT(found.error().what, HasSubstr("there is no change 2 yet: the greatest is 1"));
}

TEST_F(feed, exports_go_by_the_orders_creation_time_in_its_order) {
  auto same_time = sample_order(1, 20);
  store_orders({sample_order(3, 30), sample_order(2, 20), same_time, sample_order(9, 40), sample_order(8, 10)});
  EXPECT_THAT(ids({.of = subject::orders, .created = span(20, 40), .account = {}}), ElementsAre("1", "2", "3"));
  EXPECT_THAT(ids({.of = subject::items, .created = span(30, 41), .account = {}}), ElementsAre("3", "3", "9", "9"));
  EXPECT_THAT(ids({.of = subject::orders, .created = span(0, 60), .account = "second"}), IsEmpty());
  EXPECT_EQ(ids({.of = subject::orders, .created = span(0, 60), .account = "main"}).size(), 5U);
}

TEST_F(feed, exports_have_the_columns_of_their_views_without_keys_and_what_depends_on_now) {
  const std::map<std::string, subject> views{{"orders", subject::orders},
                                             {"order_items", subject::items},
                                             {"payments", subject::payments},
                                             {"shipments", subject::shipments}};
  for (const auto& [view, of] : views)
    EXPECT_EQ(read(*store_, {.of = of, .created = span(0, 60), .account = {}}).front(), columns_of(view)) << view;
  EXPECT_THAT(columns_of("orders"), ::testing::StartsWith("order_id account order_no "));
}

TEST_F(feed, payments_and_shipments_are_of_orders_created_in_the_range) {
  store_orders({sample_order(1, 10), sample_order(2, 20)});
  execute(
      "INSERT INTO ordersync.order_details (order_id, _account, _first_seen_at, _changed_at, _observed_at, _version, "
      "_content_hash) SELECT id, 'main', now(), now(), now(), 1, '' FROM ordersync.orders");
  execute(
      "INSERT INTO ordersync.order_payments (order_id, position, phase, paid_at, amount_fen) "
      "SELECT id, p, p::text, timestamptz '2025-01-01 00:00Z' + p * interval '1 day', 100 FROM ordersync.orders, "
      "generate_series(2, 1, -1) p");
  execute(
      "INSERT INTO ordersync.order_shipments (order_id, position, id, item_ids) "
      "SELECT id, p, 'L' || p, ARRAY[204281, 9223372036854775807] FROM ordersync.orders, generate_series(1, 0, -1) p");
  EXPECT_THAT(ids({.of = subject::payments, .created = span(10, 20), .account = {}}), ElementsAre("1", "1"));
  EXPECT_THAT(ids({.of = subject::payments, .created = span(0, 60), .account = {}}), ElementsAre("1", "1", "2", "2"));
  EXPECT_THAT(ids({.of = subject::shipments, .created = span(20, 30), .account = {}}), ElementsAre("2", "2"));
  const auto parcels = read(*store_, {.of = subject::shipments, .created = span(20, 30), .account = {}}, 1);
  EXPECT_THAT(parcels, ElementsAre(::testing::_, "0", "1"));
}

TEST_F(feed, details_are_missing_where_an_order_is_paid_or_waits_for_its_detail) {
  store_orders({in_status(sample_order(1, 10), 1), in_status(sample_order(2, 20), 2), in_status(sample_order(3, 30), 3),
                in_status(sample_order(4, 40), 5), in_status(sample_order(5, 50), 6)});
  const auto missing = [&](subject of, core::window created = span(0, 60)) {
    return run(store_->feed().missing_details({.of = of, .created = created, .account = {}})).value();
  };
  EXPECT_EQ(missing(subject::payments), 3);
  EXPECT_EQ(missing(subject::shipments), 2);
  EXPECT_EQ(missing(subject::orders), 0);
  EXPECT_EQ(missing(subject::payments, span(0, 30)), 1);
  execute(
      "INSERT INTO ordersync.order_details (order_id, _account, _first_seen_at, _changed_at, _observed_at, _version, "
      "_content_hash) SELECT id, 'main', now(), now(), now(), 1, '' FROM ordersync.orders WHERE id <> 5");
  EXPECT_EQ(missing(subject::payments), 0);
  execute(
      "INSERT INTO ordersync.detail_queue (order_id, account, queued_at, due_at, asked) SELECT id, 'main', now() + "
      "CASE id WHEN 4 THEN interval '-1 s' ELSE interval '1 s' END, now(), id = 3 FROM ordersync.orders WHERE id > 1");
  EXPECT_EQ(value("SELECT string_agg(order_id, ' ' ORDER BY order_key) FROM reporting.details_missing"), "2 5");
}

TEST_F(feed, exports_have_personal_data_where_it_is_asked_for) {
  store_orders({sample_order(1)});
  const auto plain = read(*store_, {.of = subject::orders, .created = span(0, 60), .account = {}});
  const auto columns = static_cast<std::size_t>(std::ranges::count(plain.front(), ' '));
  const auto personal =
      read(*store_, {.of = subject::orders, .created = span(0, 60), .account = {}, .personal = true}, columns);
  EXPECT_THAT(personal.front(), HasSubstr("receiver_full_name receiver_mobile "));
  EXPECT_THAT(personal.front(), HasSubstr("warehouse_district_code contacts "));
  EXPECT_EQ(personal.back(), "收件人");
}

TEST_F(feed, a_reader_of_reports_follows_and_exports_and_gets_no_personal_data) {
  store_orders({sample_order(1)});
  EXPECT_FALSE(run(store_->feed().restricted()).value());
  auto theirs = store_of_member("ordersync_reader");
  EXPECT_TRUE(run(theirs->feed().restricted()).value());
  EXPECT_EQ(run(theirs->feed().changes(0, 1000, {})).value().changes.size(), 1U);
  for (const auto of : {subject::orders, subject::items, subject::payments, subject::shipments})
    read(*theirs, {.of = of, .created = span(0, 60), .account = {}});
  EXPECT_TRUE(run(theirs->feed().missing_details({.of = subject::payments, .created = span(0, 60)})).has_value());
  EXPECT_TRUE(run(theirs->feed().gaps(span(0, 60), {})).has_value());
  const auto refused =
      run(theirs->feed().read({.of = subject::orders, .created = span(0, 60), .account = {}, .personal = true}, {}));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().kind, core::failure::database);
  EXPECT_THAT(refused.error().what, HasSubstr("SQLSTATE 42501"));
}

TEST_F(feed, whoever_may_read_personal_data_exports_it) {
  store_orders({sample_order(1)});
  auto theirs = store_of_member("ordersync_pii_reader");
  EXPECT_TRUE(run(theirs->feed().restricted()).value());
  EXPECT_EQ(read(*theirs, {.of = subject::orders, .created = span(0, 60), .account = {}, .personal = true}).size(), 2U);
}

TEST_F(feed, an_export_ends_when_its_consumer_wants_no_more) {
  store_orders({sample_order(1), sample_order(2), sample_order(3)});
  int taken = 0;
  const auto rows =
      run(store_->feed().read({.of = subject::orders, .created = span(0, 60), .account = {}},
                              {[](const auto&) { return true; }, [&](const auto&) { return ++taken < 2; }}));
  EXPECT_TRUE(rows.has_value());
  EXPECT_EQ(taken, 2);
  EXPECT_EQ(ids({.of = subject::orders, .created = span(0, 60), .account = {}}).size(), 3U);
}

// More rows than are fetched at once, of which some are there before the connection goes.
struct interrupted_export : feed {
  int begun = 0;
  std::int64_t rows = 0;

  core::result<std::int64_t> perform(bool again) {
    std::vector<core::order> orders;
    for (int id = 1; id <= 1200; ++id) orders.push_back(sample_order(id));
    store_orders(std::move(orders));
    return run(store_->feed().read({.of = subject::orders, .created = span(0, 60), .account = {}},
                                   {[this, again](const auto&) {
                                      rows = 0;
                                      return ++begun == 1 || again;
                                    },
                                    [this](const auto&) {
                                      if (++rows == 500 && begun == 1) kill_sessions();
                                      return true;
                                    }}));
  }
};

TEST_F(interrupted_export, begins_anew_where_its_consumer_can) {
  const auto done = perform(true);
  ASSERT_TRUE(done.has_value()) << done.error().what;
  EXPECT_EQ(*done, 1200);
  EXPECT_EQ(rows, 1200);
  EXPECT_EQ(begun, 2);
}

TEST_F(interrupted_export, fails_where_it_cannot) {
  const auto done = perform(false);
  ASSERT_TRUE(done.has_error());
  EXPECT_EQ(done.error().kind, core::failure::database_down);
  EXPECT_THAT(done.error().what, HasSubstr("what was printed is not all of it"));
}

// One snapshot: what is committed meanwhile is not in it.
TEST_F(feed, an_export_shows_one_moment) {
  std::vector<core::order> orders;
  for (int id = 1; id <= 1200; ++id) orders.push_back(sample_order(id));
  store_orders(std::move(orders));
  std::int64_t seen = 0;
  const auto rows = run(store_->feed().read({.of = subject::orders, .created = span(0, 60), .account = {}},
                                            {[](const auto&) { return true; },
                                             [&](const auto&) {
                                               if (++seen == 1) execute("DELETE FROM ordersync.orders WHERE id > 1000");
                                               return true;
                                             }}));
  EXPECT_EQ(rows.value(), 1200);
}

TEST_F(feed, a_restricted_reader_sees_gaps_of_a_range) {
  run(store_->set_reporting({.sync_start = at(0)}));
  commit(proven_batch(span(0, 60), {}, 100));
  commit(proven_batch(span(120, 180), {}, 200));
  EXPECT_THAT(run(store_->feed().gaps(span(30, 150), {})).value(), ElementsAre(span(60, 120)));
  EXPECT_THAT(run(store_->feed().gaps(span(0, 60), {})).value(), IsEmpty());
  EXPECT_THAT(run(store_->feed().gaps(span(30, 150), "second")).value(), IsEmpty());
}

}  // namespace
}  // namespace ordersync::store_test
