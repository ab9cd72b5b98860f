// The history of orders: a row for every state, what changed, and the orders as they were at a moment.
#include "store/migrations/apply_migrations.hpp"
#include "store/store_fixture.hpp"
#include "store/values/sql_values.hpp"
#include "support/postgres_cluster.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;

class history : public store_test {
 protected:
  static core::order changed(std::int64_t id, const std::function<void(core::order&)>& how) {
    auto o = sample_order(id);
    how(o);
    rehash(o);
    return o;
  }
  // What the latest state of the only order says has changed.
  std::string last_change() {
    return value("SELECT changed FROM reporting.order_versions ORDER BY version DESC LIMIT 1");
  }
  // The same after a first read of sample_order(1) and a second one of this.
  std::string change_to(const core::order& o) {
    store_orders({sample_order(1)}, 100);
    store_orders({o}, 200);
    return last_change();
  }
  std::string versions() {
    return table(
        "SELECT id, version, to_char(valid_from, 'MI:SS'), to_char(valid_to, 'MI:SS'), vanished "
        "FROM reporting.order_versions ORDER BY 1, 2");
  }
};

// As after a restore of one table from an older copy.
TEST_F(history, that_is_ahead_of_its_order_goes_on_from_its_own_last_number) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  store_orders({changed(1, [](auto& o) { o.order_status = 2; })}, 200);
  store_orders({changed(1, [](auto& o) { o.order_status = 3; })}, 300);
  execute("UPDATE ordersync.orders SET _version = 1, order_status = 7 WHERE id = 1");
  EXPECT_EQ(store_orders({changed(1, [](auto& o) { o.order_status = 4; }), sample_order(2)}, 400).changed, 1);
  EXPECT_EQ(versions(), "1,1,01:40,03:20,f\n1,2,03:20,05:00,f\n1,3,05:00,06:40,f\n1,4,06:40,,f\n2,1,01:40,,f");
  EXPECT_EQ(value("SELECT _version FROM ordersync.orders WHERE id = 1"), "4");
  EXPECT_EQ(value("SELECT changed FROM reporting.order_versions WHERE order_key = 1 AND version = 4"),
            R"({"order_status": {"new": 4, "old": 7}})");
}

TEST_F(history, of_an_order_whose_row_is_gone_goes_on_when_it_is_read_again) {
  store_orders({sample_order(1)}, 100);
  store_orders({changed(1, [](auto& o) { o.order_status = 2; })}, 200);
  execute("SET session_replication_role = replica; DELETE FROM ordersync.orders; RESET session_replication_role");
  EXPECT_EQ(store_orders({changed(1, [](auto& o) { o.order_status = 3; }), sample_order(2)}, 300).created, 2);
  // The state from 200 on went with the row.
  EXPECT_EQ(versions(), "1,1,01:40,03:20,f\n1,2,05:00,,f\n2,1,05:00,,f");
  EXPECT_EQ(last_change(), "{}");
  EXPECT_EQ(table("SELECT id, _version, order_status, _first_seen_at = 'epoch'::timestamptz FROM ordersync.orders "
                  "ORDER BY id"),
            "1,2,3,f\n2,1,7,f");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_items"), "4");
  EXPECT_EQ(store_orders({changed(1, [](auto& o) { o.order_status = 3; }), sample_order(2)}, 400).unchanged, 2);
}

TEST_F(history, that_is_ahead_takes_an_order_that_vanishes) {
  store_orders({sample_order(1)}, 100);
  store_orders({changed(1, [](auto& o) { o.order_status = 2; })}, 200);
  execute("UPDATE ordersync.orders SET _version = 1");
  ASSERT_EQ(run(store_->mark_vanished("main", {1}, at_ms(300))).value(), 1);
  EXPECT_EQ(versions(), "1,1,01:40,03:20,f\n1,2,03:20,05:00,f\n1,3,05:00,,t");
}

TEST_F(history, a_new_order_has_one_state_and_no_row) {
  store_orders({sample_order(7)});
  EXPECT_EQ(versions(), "7,1,01:40,,f");
  EXPECT_EQ(last_change(), "{}");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_history"), "0");
  EXPECT_EQ(value("SELECT _changed IS NULL FROM ordersync.orders"), "t");
}

TEST_F(history, a_superseded_state_is_what_the_tables_held) {
  store_orders({sample_order(7)});
  execute(
      "CREATE TABLE public.held AS SELECT to_jsonb(o) AS o, (SELECT jsonb_agg(to_jsonb(i) - 'order_id' - 'created_at' "
      "ORDER BY position) FROM ordersync.order_items i) AS items, (SELECT jsonb_agg(to_jsonb(c) - 'order_id') "
      "FROM ordersync.order_cargo c) AS cargo, (SELECT items FROM reporting.order_versions) AS shown "
      "FROM ordersync.orders o");
  store_orders({changed(7,
                        [](auto& o) {
                          o.order_status = 1;
                          o.items.pop_back();
                          o.cargo.clear();
                        })},
               200);
  EXPECT_EQ(value("SELECT account FROM ordersync.order_history"), "main");
  // Each column of the tables under its name with its value; times aside, which the state spells with a Z.
  EXPECT_EQ(value("SELECT jsonb_object_agg(key, value) FROM ordersync.order_history h, public.held, jsonb_each(o) "
                  "WHERE left(key, 1) <> '_' AND key !~ 'created_at' "
                  "AND state -> 'order' -> key IS DISTINCT FROM value"),
            "NULL");
  EXPECT_EQ(value("SELECT (SELECT jsonb_agg(e - 'created_at') FROM jsonb_array_elements(state -> 'items') e) = items "
                  "FROM ordersync.order_history, public.held"),
            "t");
  EXPECT_EQ(value("SELECT state -> 'cargo' = cargo AND reporting.text_ids(state -> 'items') = shown FROM "
                  "ordersync.order_history, "
                  "public.held"),
            "t");
  EXPECT_EQ(value("SELECT state #>> '{order,created_at}' FROM ordersync.order_history"), "2024-05-07T00:00:10.123Z");
}

TEST_F(history, a_change_adds_a_state_that_begins_where_the_former_ends) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  store_orders({changed(1, [](auto& o) { o.order_status = 2; }), sample_order(2)}, 200);
  store_orders({changed(1, [](auto& o) { o.order_status = 3; }), sample_order(2)}, 300);
  EXPECT_EQ(versions(), "1,1,01:40,03:20,f\n1,2,03:20,05:00,f\n1,3,05:00,,f\n2,1,01:40,,f");
  EXPECT_EQ(value("SELECT changed FROM reporting.order_versions WHERE version = 3"),
            R"({"order_status": {"new": 3, "old": 2}})");
  EXPECT_EQ(table("SELECT version, changed FROM ordersync.order_history ORDER BY 1"),
            "1,{}\n2,\"{\"\"order_status\"\": {\"\"new\"\": 2, \"\"old\"\": 7}}\"");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders WHERE _changed_at = _observed_at"), "2");
}

TEST_F(history, reading_the_same_again_adds_nothing_and_touches_nothing) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  const auto before = row_versions();
  store_orders({sample_order(1), sample_order(2)}, 200);
  EXPECT_EQ(row_versions(), before);
}

TEST_F(history, changed_fields_of_lines_are_recorded_line_by_line) {
  EXPECT_EQ(change_to(changed(1,
                              [](auto& o) {
                                o.items[0].status = 4;
                                o.items[1].quantity = "2.5";
                              })),
            R"({"items[10].status": {"new": 4, "old": 7}, "items[11].quantity": {"new": 2.5, "old": 1.5}})");
}

TEST_F(history, a_line_that_went_and_one_that_came_are_recorded_whole) {
  const auto changes = change_to(changed(1, [](auto& o) {
    o.items[1].id = 99;
    o.cargo[0].quantity = "3";
  }));
  EXPECT_EQ(
      value("SELECT string_agg(key, ', ' ORDER BY key COLLATE \"C\") FROM jsonb_object_keys('" + changes + "') key"),
      "cargo[0].quantity, items[11], items[99]");
  EXPECT_EQ(value("SELECT '" + changes + "'::jsonb -> 'items[11]' -> 'new'"), "null");
  EXPECT_EQ(value("SELECT '" + changes + "'::jsonb #> '{items[11],old,price_fen}'"), "4650");
  EXPECT_EQ(value("SELECT '" + changes + "'::jsonb #> '{items[99],new,price_fen}'"), "4650");
}

TEST_F(history, personal_data_that_changed_is_named_and_not_shown) {
  EXPECT_EQ(change_to(changed(1, [](auto& o) { o.receiver->full_name = "canary"; })), R"({"receiver": "changed"})");
  store_orders({changed(1,
                        [](auto& o) {
                          o.receiver.reset();
                          o.warehouse_address->full_name = "canary";
                        })},
               300);
  EXPECT_EQ(last_change(), R"({"receiver": "changed", "warehouse_address": "changed"})");
}

TEST_F(history, what_the_mirror_has_no_column_for_is_recorded_as_the_payload) {
  EXPECT_EQ(change_to(changed(1, [](auto& o) { o.unknown_paths = {"newField"}; })), R"({"payload": "changed"})");
}

TEST_F(history, holds_no_personal_data) {
  auto o = changed(1, [](auto& each) {
    each.receiver = core::order_receiver{"canary1", "canary2", "canary3", "canary4", "canary5", "canary6"};
    each.warehouse_address = core::order_warehouse_address{"canary", "canary", "canary", "canary", "canary",
                                                           "canary", "canary", "canary", "canary", "canary"};
    each.notes = {{"receiver", "canary", "canary"}};
  });
  store_orders({o}, 100);
  o.receiver->address = "canary9";
  o.order_status = 1;
  o.payload = "canary";
  rehash(o);
  store_orders({o}, 200);
  o.flow = "b";
  rehash(o);
  store_orders({o}, 300);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_history WHERE state::text || changed::text ~ 'canary'"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders WHERE _changed::text ~ 'canary'"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_history"), "2");
}

TEST_F(history, hostile_text_survives_unchanged) {
  const std::string hostile = "tab\t newline\n return\r backslash\\ \\N \\. quote\" ' {a,b} NULL 中文 😀 \x01 \xc2\xa0";
  const auto odd = changed(1, [&](auto& o) {
    o.flow = hostile;
    o.items[0].name = hostile;
    o.items[0].image_urls = {{hostile, ""}};
    o.items[0].sku_attributes = R"([{"name":"a\"b\\c\t","value":"\\N"}])";
  });
  store_orders({odd}, 100);
  store_orders({sample_order(1)}, 200);
  EXPECT_EQ(value("SELECT _changed #>> '{flow,old}' FROM ordersync.orders"), hostile);
  EXPECT_EQ(value("SELECT state #>> '{order,flow}' FROM ordersync.order_history"), hostile);
  EXPECT_EQ(value("SELECT state #>> '{items,0,image_urls,0}' FROM ordersync.order_history"), hostile);
  EXPECT_EQ(value("SELECT state #>> '{items,0,sku_attributes,0,name}' FROM ordersync.order_history"), "a\"b\\c\t");
  EXPECT_EQ(value("SELECT _changed #>> '{items[10].sku_attributes,old,0,value}' FROM ordersync.orders"), "\\N");
}

TEST_F(history, an_order_that_only_changed_hands_is_in_the_state_it_was_in) {
  store_orders({sample_order(1)}, 100);
  store_->reconfigure("", {"second"}, {});
  open("second");
  auto theirs = proven_batch(span(0, 60), {sample_order(1)}, 200);
  theirs.account = "second";
  EXPECT_EQ(commit(theirs).changed, 1);
  EXPECT_EQ(versions(), "1,1,01:40,,f");
}

TEST_F(history, two_states_observed_at_one_moment_are_both_kept_and_the_later_holds) {
  store_orders({sample_order(1)}, 100);
  store_orders({changed(1, [](auto& o) { o.order_status = 2; })}, 100);
  EXPECT_EQ(versions(), "1,1,01:40,01:40,f\n1,2,01:40,,f");
  EXPECT_EQ(value("SELECT order_status FROM reporting.orders_at('2024-05-07 00:01:40+00')"), "2");
}

TEST_F(history, the_orders_at_a_moment_are_those_the_mirror_knew_then) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  store_orders({changed(1, [](auto& o) { o.order_status = 2; }), sample_order(2), sample_order(3)}, 200);
  const auto at = [&](const char* time) {
    return table(
        fmt::format("SELECT id, version, order_status, total_amount, discount, jsonb_array_length(items) "
                    "FROM reporting.orders_at('2024-05-07 {}+00') ORDER BY id",
                    time));
  };
  EXPECT_EQ(at("00:01:39.999"), "NULL");
  EXPECT_EQ(at("00:01:40"), "1,1,7,45.18,-2.50,2\n2,1,7,45.18,-2.50,2");
  EXPECT_EQ(at("00:03:19.999"), "1,1,7,45.18,-2.50,2\n2,1,7,45.18,-2.50,2");
  EXPECT_EQ(at("00:03:20"), "1,2,2,45.18,-2.50,2\n2,1,7,45.18,-2.50,2\n3,1,7,45.18,-2.50,2");
}

TEST_F(history, one_order_at_a_moment_and_an_early_moment_are_found_by_index) {
  std::vector<core::order> orders;
  for (int id = 1; id <= 2000; ++id) orders.push_back(sample_order(id));
  store_orders(std::vector(orders.begin(), orders.begin() + 5), 100);
  store_orders(orders, 1000);
  for (auto& o : orders) {
    o.order_status = 2;
    rehash(o);
  }
  store_orders(orders, 2000);
  execute("ANALYZE ordersync.orders, ordersync.order_history");
  const auto plan = [&](const std::string& sql) { return table("SELECT * FROM public.plan($q$" + sql + "$q$)"); };
  execute(
      "CREATE FUNCTION public.plan(q text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE "
      "'EXPLAIN ' || q; END $$");
  for (const auto* index : {"orders_pkey", "order_history_pkey"})
    EXPECT_THAT(plan("SELECT order_status, items FROM reporting.orders_at(now()) WHERE order_key = 17"),
                HasSubstr(index));
  for (const auto* index : {"orders_changed_at", "order_history_valid_from"})
    EXPECT_THAT(plan("SELECT order_status FROM reporting.orders_at('2024-05-07 00:02:00+00')"), HasSubstr(index));
}

TEST_F(history, a_window_whose_commit_was_lost_adds_no_second_state) {
  store_orders({sample_order(1)}, 100);
  const auto batch = proven_batch(span(0, 60), {changed(1, [](auto& o) { o.order_status = 2; }), sample_order(2)}, 200);
  commit(batch);
  commit(batch);
  EXPECT_EQ(versions(), "1,1,01:40,03:20,f\n1,2,03:20,,f\n2,1,03:20,,f");
}

// Orders that were stored before there was a history.
TEST_F(history, is_begun_with_the_present_state_of_what_is_stored_already) {
  auto odd = changed(2, [](auto& o) {
    o.created_at.reset();
    o.items[0].image_urls.reset();
    o.items[1].quantity = "1000000000000000000000.000001";
    o.cargo.clear();
  });
  core::order bare;
  bare.id = 3;
  bare.payload = "{\"id\":3}";
  bare.observed_at = at_ms(100);
  store_orders({sample_order(1), odd, bare}, 100);
  const auto rows_of = [&](const char* name) {
    return value(fmt::format("SELECT jsonb_agg(to_jsonb(t)) FROM ordersync.{} t", name));
  };
  const std::vector<const char*> names{"orders", "order_items", "order_cargo"};
  std::vector<std::string> rows;
  for (const auto* name : names) rows.push_back(rows_of(name));
  // What the history says of them once they are superseded.
  std::vector<core::order> next{sample_order(1), odd, bare};
  for (auto& o : next) {
    o.order_status = 77;
    o.observed_at = at_ms(200);
    rehash(o);
  }
  store_orders(next, 200);
  const auto written = table(
      "SELECT order_id, version, valid_from, account, changed, state "
      "FROM ordersync.order_history ORDER BY 1");

  const auto old = test_support::shared_cluster().create_database();
  store::pg::connection db{test_support::shared_cluster().superuser_url(old), "", never_};
  const auto apply = [&](int count) {
    const std::vector<store::migrations::migration> first(store::migrations::migrations().begin(),
                                                          store::migrations::migrations().begin() + count);
    db.exec("begin", "BEGIN");
    while (store::migrations::apply_next_migration(db, first)) {
    }
    db.exec("commit", "COMMIT");
  };
  apply(3);
  for (std::size_t i = 0; i < names.size(); ++i)
    db.exec("fill",
            fmt::format("INSERT INTO ordersync.{0} SELECT * FROM jsonb_populate_recordset(NULL::ordersync.{0}, $1)",
                        names[i]),
            {rows[i]});
  apply(4);
  superuser_ = std::make_unique<store::pg::connection>(test_support::shared_cluster().superuser_url(old), "", never_);
  EXPECT_EQ(table("SELECT order_id, version, valid_from, account, changed, state "
                  "FROM ordersync.order_history ORDER BY 1"),
            written);
}

}  // namespace
}  // namespace ordersync::store_test
