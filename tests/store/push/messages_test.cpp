// The vendor's push messages in the database.
#include "store/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::push::outcome;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class push_messages : public store_test {
 protected:
  void SetUp() override {
    store_test::SetUp();
    open("main");
  }
  store::push::messages& messages() { return store_->push_messages(); }
  void insert(const std::string& order_id, const std::string& account = "main", const std::string& order_no = "") {
    const auto stored = run(messages().insert(
        {{.account = account, .type = "ORDER_PAY_SUCCESS", .about = {order_id, order_no}, .sent_at = at_ms(5, 250)}}));
    ASSERT_TRUE(stored.has_value()) << stored.error().what;
  }
  std::vector<std::int64_t> take(const std::string& account = "main", int most = 100) {
    std::vector<std::int64_t> ids;
    for (const auto& one : run(messages().take(account, most)).value()) ids.push_back(one.id);
    return ids;
  }
  void conclude(std::vector<store::push::concluded_message> list) {
    ASSERT_TRUE(run(messages().conclude(std::move(list))).has_value());
  }
  store::push::push_figures figures() { return run(messages().figures("main")).value(); }
  // The id of the order that each pair of numbers means; 0: none.
  std::vector<std::int64_t> located(const std::vector<store::push::order_numbers>& numbers) {
    std::vector<std::int64_t> ids(numbers.size());
    for (const auto& one : run(messages().locate("main", numbers)).value()) ids.at(one.asked) = one.id;
    return ids;
  }
};

TEST_F(push_messages, are_stored_in_one_statement_with_all_that_they_say) {
  std::vector<store::push::new_message> list;
  for (int i = 0; i < 1'000; ++i)
    list.push_back({.account = "main", .type = R"(a "type" \ {,})", .about = {std::to_string(i), ""}, .sent_at = {}});
  list.push_back({.account = "second",
                  .type = "",
                  .about = {"", "PO-1"},
                  .sent_at = at_ms(5, 250),
                  .age = std::chrono::milliseconds{1500}});
  ASSERT_TRUE(run(messages().insert(std::move(list))).has_value());
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.push_messages WHERE type = 'a \"type\" \\ {,}' "
                  "AND order_no IS NULL AND sent_at IS NULL AND outcome = 'waiting'"),
            "1000");
  EXPECT_EQ(table("SELECT order_id IS NULL, order_no, sent_at = '2024-05-07T00:00:05.250Z', "
                  "clock_timestamp() - received_at > interval '1.4 s' FROM ordersync.push_messages "
                  "WHERE account = 'second'"),
            "t,PO-1,t,t");
}

TEST_F(push_messages, are_taken_once_the_oldest_first_and_by_their_account) {
  for (const auto* id : {"1", "2", "3"}) insert(id);
  insert("4", "second");
  EXPECT_TRUE(run(messages().any_waiting("main")).value());
  EXPECT_THAT(take("main", 2), ElementsAre(1, 2));
  EXPECT_THAT(take("main", 2), ElementsAre(3));
  EXPECT_THAT(take("main", 2), IsEmpty());
  EXPECT_FALSE(run(messages().any_waiting("main")).value());
  EXPECT_TRUE(run(messages().any_waiting("second")).value());
}

TEST_F(push_messages, of_another_account_wait_for_its_reader) {
  for (const auto* id : {"1", "2"}) insert(id);
  ASSERT_THAT(take(), ElementsAre(1, 2));
  for (int again = 0; again < 2; ++again) ASSERT_TRUE(run(messages().hand_over({2}, "second")).has_value());
  EXPECT_THAT(take("second"), ElementsAre(2));
  EXPECT_THAT(take("main"), IsEmpty());
}

TEST_F(push_messages, that_were_taken_and_not_concluded_wait_again_for_the_next_leader) {
  for (const auto* id : {"1", "2"}) insert(id);
  take();
  conclude({{.id = 1, .what = outcome::unchanged, .read_at = at_ms(9), .found_id = 17}});
  ASSERT_TRUE(run(messages().requeue("main", {})).has_value());
  EXPECT_THAT(take(), ElementsAre(2));
}

TEST_F(push_messages, that_were_taken_and_that_nobody_holds_wait_again) {
  for (const auto* id : {"1", "2", "3"}) insert(id);
  insert("4", "second");
  take();
  take("second");
  ASSERT_TRUE(run(messages().requeue("main", {1, 3})).has_value());
  EXPECT_THAT(take(), ElementsAre(2));
  EXPECT_THAT(take("second"), IsEmpty());
}

TEST_F(push_messages, are_concluded_with_what_was_found) {
  for (const auto* id : {"1", "1", "2", "3"}) insert(id);
  take();
  conclude({{.id = 1, .what = outcome::changed, .read_at = at_ms(9), .found_id = 17},
            {.id = 2, .what = outcome::coalesced, .read_at = at_ms(9), .found_id = 17},
            {.id = 3, .what = outcome::unchanged, .read_at = at_ms(9), .found_id = 18},
            {.id = 4, .what = outcome::not_shown, .read_at = {}, .found_id = {}}});
  EXPECT_EQ(table("SELECT outcome, read_at = '2024-05-07T00:00:09Z', changed_at >= received_at, found_id "
                  "FROM ordersync.push_messages ORDER BY id"),
            "changed,t,t,17\ncoalesced,t,,17\nunchanged,t,,18\nnot_shown,,,");
}

TEST_F(push_messages, that_came_before_their_order_was_read_are_answered_by_that_read) {
  for (const auto* id : {"1", "1", "1", "2"}) insert(id);
  insert("1", "second");
  EXPECT_THAT(take("main", 1), ElementsAre(1));
  execute("UPDATE ordersync.push_messages SET received_at = '2024-05-07T00:01:00Z'");
  execute("UPDATE ordersync.push_messages SET received_at = '2024-05-07T00:01:41Z' WHERE id = 3");
  EXPECT_EQ(
      run(messages().conclude({{.id = 1, .what = outcome::unchanged, .read_at = at_ms(100), .found_id = 17}})).value(),
      1);
  EXPECT_EQ(table("SELECT id, outcome FROM ordersync.push_messages ORDER BY id"),
            "1,unchanged\n2,coalesced\n3,waiting\n4,waiting\n5,waiting");
}

TEST_F(push_messages, that_are_many_are_all_answered_or_left) {
  insert("1");
  EXPECT_THAT(take(), ElementsAre(1));
  const std::string many =
      "INSERT INTO ordersync.push_messages (account, type, order_id, received_at, outcome) "
      "SELECT 'main', '', '1', '2024-05-07T00:01:00Z', 'waiting' FROM generate_series(1, 12000)";
  execute(many);
  EXPECT_EQ(
      run(messages().conclude({{.id = 1, .what = outcome::changed, .read_at = at_ms(100), .found_id = 17}})).value(),
      12'000);
  execute(many);
  ASSERT_TRUE(run(messages().expire("main")).has_value());
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.push_messages WHERE outcome = 'waiting'"), "0");
}

TEST_F(push_messages, mean_an_order_by_any_of_its_numbers) {
  auto one = sample_order(17);
  one.tb_order_id = "2155012345678901234";
  one.order_no = "PO-17";
  auto other = sample_order(2155012345678901235);
  other.tb_order_id = "99";
  other.order_no = "";
  store_orders({one, other});
  EXPECT_THAT(located({{"2155012345678901234", ""},
                       {"17", ""},
                       {"", "PO-17"},
                       {"PO-17", ""},
                       {"2155012345678901235", ""},
                       {"99", "PO-17"},
                       {"", ""},
                       {"9223372036854775808", ""},
                       {"'; DROP TABLE ordersync.orders; --", "\\"}}),
              ElementsAre(17, 17, 17, 17, 2155012345678901235, 2155012345678901235, 0, 0, 0));
}

TEST_F(push_messages, that_waited_for_a_day_are_left_and_those_of_a_month_go) {
  for (const auto* id : {"1", "2", "3"}) insert(id);
  execute("UPDATE ordersync.push_messages SET received_at = now() - interval '25 hours' WHERE id = 1");
  execute("UPDATE ordersync.push_messages SET received_at = now() - interval '31 days' WHERE id = 2");
  EXPECT_EQ(run(messages().expire("main")).value(), 1);
  EXPECT_EQ(table("SELECT id, outcome FROM ordersync.push_messages ORDER BY id"), "1,left\n3,waiting");
}

TEST_F(push_messages, are_counted_with_their_delays) {
  EXPECT_FALSE(figures().first_at);
  for (int i = 0; i < 100; ++i) insert(std::to_string(i));
  take();
  execute("UPDATE ordersync.push_messages SET outcome = 'changed', changed_at = received_at + id * interval '10 ms'");
  insert("waits");
  const auto shown = figures();
  EXPECT_TRUE(shown.first_at && shown.latest_at);
  EXPECT_EQ(shown.p50, std::chrono::milliseconds{500});
  EXPECT_EQ(shown.p99, std::chrono::milliseconds{990});
  EXPECT_THAT(shown.day, ElementsAre(Pair("changed", 100), Pair("waiting", 1)));
}

// Order 1 changed with a message, 2 without one, 3 with one that came ten minutes before, 4 by a late read of one.
TEST_F(push_messages, that_were_lost_show_as_changes_that_none_announced) {
  std::vector<core::order> orders;
  for (std::int64_t id = 1; id <= 4; ++id) orders.push_back(sample_order(id));
  store_orders(orders);
  insert("1");
  insert("3");
  insert("4");
  execute(
      "UPDATE ordersync.push_messages SET outcome = 'changed', found_id = order_id::bigint, "
      "received_at = now() - CASE order_id WHEN '1' THEN interval '61 minutes' ELSE interval '70 minutes' END, "
      "read_at = CASE order_id WHEN '4' THEN date_trunc('hour', now()) - interval '2 hours' END");
  execute("UPDATE ordersync.push_messages SET received_at = read_at - interval '1 hour' WHERE order_id = '4'");
  // The changes of 1 and 2 are those of their present states; that of 4 is superseded, and that of 3 was written by an
  // older version.
  execute(
      "CREATE TABLE public.at AS SELECT id, CASE id WHEN 4 THEN date_trunc('hour', now()) - interval '2 hours' "
      "ELSE now() - interval '1 hour' END AS at FROM ordersync.orders;"
      "INSERT INTO ordersync.order_history (order_id, version, valid_from, valid_to, account, changed, state) "
      "SELECT id, 2, at, CASE id WHEN 4 THEN now() END, 'main', '{}', '{}' FROM public.at WHERE id IN (3, 4);"
      "UPDATE ordersync.orders o SET _version = 2, _changed_at = at, _changed = '{\"flow\": {}}' FROM public.at a "
      "WHERE a.id = o.id AND o.id IN (1, 2)");
  const auto shown = figures();
  EXPECT_EQ(shown.changes, 4);
  EXPECT_EQ(shown.unannounced, 2);
}

TEST_F(push_messages, that_were_refused_are_counted_by_reason) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(run(messages().count_refusals({{"signature", 3}, {"other", 1}})).has_value());
  const auto shown = run(messages().refusals()).value();
  EXPECT_EQ(shown.at("signature").day, 6);
  EXPECT_EQ(shown.at("other").day, 2);
}

}  // namespace
}  // namespace ordersync::store_test
