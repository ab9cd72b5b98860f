// Orders that the API stopped showing: which are missing, which are marked, and that they come back.
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class vanishing : public store_test {
 protected:
  static std::vector<std::int64_t> ids(const sync::commit_summary& summary) {
    std::vector<std::int64_t> all;
    for (const auto& order : summary.missing) all.push_back(order.id);
    return all;
  }
  std::int64_t mark(std::vector<std::int64_t> which, int at, const std::string& account = "main") {
    return run(store_->mark_vanished(account, std::move(which), at_ms(at))).value();
  }
  std::string states() {
    return table(
        "SELECT id, version, to_char(valid_from, 'MI:SS'), to_char(valid_to, 'MI:SS'), vanished "
        "FROM reporting.order_versions ORDER BY 1, 2");
  }
  std::string vanished() {
    return value(
        "SELECT coalesce(string_agg(id::text, ',' ORDER BY id), 'none') FROM ordersync.orders "
        "WHERE _vanished_at IS NOT NULL");
  }
};

TEST_F(vanishing, an_order_that_a_proven_window_does_not_show_is_missing) {
  store_orders({sample_order(1), sample_order(2), sample_order(3)}, 100);
  const auto summary = store_orders({sample_order(2)}, 200);
  EXPECT_THAT(ids(summary), ElementsAre(1, 3));
  EXPECT_EQ(summary.missing[0].tb_order_id, "2042894174938880794");
  EXPECT_EQ(vanished(), "none");
}

TEST_F(vanishing, nothing_is_missing_where_the_window_does_not_prove_it) {
  auto edge = sample_order(4, 59);
  edge.tb_created_at = at_ms(60);
  auto elsewhere = sample_order(5, 70);
  auto unknown = sample_order(6);  // its other time may lie outside
  unknown.tb_created_at.reset();
  auto without_number = sample_order(7);
  without_number.tb_order_id = " ";
  open("second");
  auto theirs = proven_batch(span(0, 60), {sample_order(8)}, 90);
  theirs.account = "second";
  commit(theirs);
  commit(proven_batch(span(0, 120), {sample_order(1), edge, elsewhere, unknown, without_number}, 100));
  EXPECT_THAT(ids(commit(unproven_batch(span(0, 60), {}, 200))), IsEmpty());
  EXPECT_THAT(ids(commit(proven_batch(span(0, 60), {sample_order(1)}, 300))), IsEmpty());
  auto part = proven_batch(span(0, 60), {}, 400);
  part.seen = 1;  // an earlier part holds it
  EXPECT_THAT(ids(commit(part)), IsEmpty());
  EXPECT_THAT(ids(commit(proven_batch(span(0, 60), {}, 500))), ElementsAre(1));
}

TEST_F(vanishing, what_earlier_parts_of_a_window_have_shown_is_not_missing) {
  store_orders({sample_order(1), sample_order(2), sample_order(3)}, 100);
  auto last = proven_batch(span(0, 60), {sample_order(2)}, 200);
  last.seen = 2;
  last.shown = {2, 3};
  EXPECT_THAT(ids(commit(last)), ElementsAre(1));
}

TEST_F(vanishing, a_marked_order_stays_and_has_one_state_more) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  EXPECT_EQ(mark({1}, 200), 1);
  EXPECT_EQ(mark({1}, 300), 0);
  EXPECT_EQ(
      table("SELECT id, _version, to_char(_vanished_at, 'MI:SS'), order_status FROM ordersync.orders ORDER BY id"),
      "1,2,03:20,7\n2,1,,7");
  EXPECT_EQ(states(), "1,1,01:40,03:20,f\n1,2,03:20,,t\n2,1,01:40,,f");
  EXPECT_EQ(value("SELECT changed FROM reporting.order_versions WHERE version = 2"),
            R"({"vanished": {"new": true, "old": false}})");
  EXPECT_EQ(value("SELECT count(DISTINCT items) FROM reporting.order_versions WHERE order_key = 1"), "1");
  EXPECT_THAT(ids(store_orders({sample_order(2)}, 400)), IsEmpty());
}

TEST_F(vanishing, an_order_that_is_shown_again_loses_its_mark) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  mark({1, 2}, 200);
  auto changed = sample_order(2);
  changed.order_status = 2;
  rehash(changed);
  EXPECT_EQ(store_orders({sample_order(1), changed}, 300).changed, 2);
  EXPECT_EQ(vanished(), "none");
  EXPECT_EQ(states(),
            "1,1,01:40,03:20,f\n1,2,03:20,05:00,t\n1,3,05:00,,f\n2,1,01:40,03:20,f\n2,2,03:20,05:00,t\n2,3,05:00,,f");
  EXPECT_EQ(table("SELECT id, changed FROM reporting.order_versions WHERE version = 3 ORDER BY 1"),
            "1,\"{\"\"vanished\"\": {\"\"new\"\": false, \"\"old\"\": true}}\"\n"
            "2,\"{\"\"vanished\"\": {\"\"new\"\": false, \"\"old\"\": true}, \"\"order_status\"\": {\"\"new\"\": 2, "
            "\"\"old\"\": 7}}\"");
  EXPECT_EQ(value("SELECT bool_and(_version = 3 AND _changed_at = _observed_at) FROM ordersync.orders"), "t");
  EXPECT_EQ(store_orders({sample_order(1), changed}, 400).changed, 0);
}

TEST_F(vanishing, a_read_from_before_the_look_up_does_not_take_the_mark_away) {
  store_orders({sample_order(1)}, 100);
  mark({1}, 200);
  EXPECT_EQ(store_orders({sample_order(1)}, 150).unchanged, 1);
  EXPECT_EQ(vanished(), "1");
}

TEST_F(vanishing, what_may_have_been_seen_since_is_not_marked) {
  store_orders({sample_order(1)}, 100);
  store_orders({sample_order(1)}, 300);
  EXPECT_EQ(mark({1}, 200), 0);
  EXPECT_EQ(vanished(), "none");
  // What the order itself says suffices, were the reads ever forgotten.
  auto changed = sample_order(1);
  changed.order_status = 2;
  rehash(changed);
  store_orders({changed}, 400);
  execute("DELETE FROM ordersync.sweeps");
  EXPECT_EQ(mark({1}, 302), 0);
  EXPECT_EQ(mark({1}, 402), 1);
}

TEST_F(vanishing, what_another_account_may_have_seen_since_is_not_marked) {
  open("second");
  store_orders({sample_order(1), sample_order(2)}, 100);
  auto theirs = proven_batch(span(0, 60), {sample_order(1)}, 300);
  theirs.account = "second";
  commit(theirs);
  EXPECT_EQ(mark({1}, 200), 0);
  EXPECT_EQ(mark({1}, 302), 1);
}

TEST_F(vanishing, a_later_read_of_an_account_that_shows_its_own_orders_alone_does_not_matter) {
  open("second");
  store_orders({sample_order(1)}, 100);
  auto theirs = proven_batch(span(0, 60), {sample_order(2)}, 300);
  theirs.account = "second";
  commit(theirs);
  EXPECT_EQ(mark({1}, 200), 1);
}

TEST_F(vanishing, another_accounts_order_is_not_marked) {
  store_orders({sample_order(1)}, 100);
  EXPECT_EQ(mark({1}, 200, "second"), 0);
}

}  // namespace
}  // namespace ordersync::store_test
