// Which orders wait for their details.
#include "store/details/details_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::details::written;
using ::testing::HasSubstr;

class detail_queue : public details_test {
 protected:
  void put_off(std::int64_t id, const std::string& reason) {
    ASSERT_TRUE(run(details().put_off("main", id, reason)).has_value());
  }
  std::int64_t ask(core::window created, const std::string& account = "main") {
    return run(details().queue(account, created)).value();
  }
  written commit_without_refund(int observed, const std::string& why) {
    return run(details().commit("main", {1, sample_detail(observed), {}, why})).value();
  }
  std::string due_in(std::int64_t id) {
    return value(
        fmt::format("SELECT round(extract(epoch FROM due_at - now()) / 60) FROM ordersync.detail_queue "
                    "WHERE order_id = {}",
                    id));
  }
};

TEST_F(detail_queue, takes_an_order_with_the_state_that_it_enters) {
  store_status(1, 100);
  EXPECT_EQ(queued(), "");
  store_status(2, 200);
  EXPECT_EQ(queued(), "1");
  EXPECT_EQ(table("SELECT account, queued_at, due_at <= now(), tries, reason FROM ordersync.detail_queue"),
            "main,\"2024-05-07 00:03:21+00\",t,0,");
  EXPECT_EQ(due(), "1");
  store_status(2, 300);
  EXPECT_EQ(value("SELECT queued_at FROM ordersync.detail_queue"), "2024-05-07 00:03:21+00") << "it is unchanged";
}

TEST_F(detail_queue, takes_new_orders_in_such_a_state_and_no_others) {
  auto rules = every_rule();
  rules.closed = false;
  rules.paid = false;
  use(rules);
  auto closed = sample_order(1);
  auto shipped = sample_order(2);
  shipped.order_status = 3;
  auto paid = sample_order(3);
  paid.order_status = 2;
  auto unnumbered = sample_order(4);
  unnumbered.order_status = 3;
  unnumbered.tb_order_id.reset();
  for (auto* o : {&closed, &shipped, &paid, &unnumbered}) rehash(*o);
  store_orders({closed, shipped, paid, unnumbered});
  EXPECT_EQ(queued(), "2");
}

TEST_F(detail_queue, is_left_alone_without_rules) {
  use({});
  store_status(1, 100);
  store_status(3, 200);
  EXPECT_EQ(queued(), "");
  store_->reconfigure("", {"main", "second"}, every_rule());
  store_status(4, 300);
  EXPECT_EQ(queued(), "1");
}

TEST_F(detail_queue, begins_anew_for_an_order_that_enters_another_state) {
  store_status(2, 100);
  put_off(1, "no such order");
  EXPECT_EQ(due(), "");
  store_status(3, 200);
  EXPECT_EQ(due(), "1");
  EXPECT_EQ(table("SELECT asked, tries, reason FROM ordersync.detail_queue"), "f,0,");
}

TEST_F(detail_queue, keeps_what_was_queued_after_the_detail_was_asked_for) {
  store_status(2, 100);
  store_status(3, 500);
  EXPECT_EQ(commit_detail(sample_detail(400)), written::created);
  EXPECT_EQ(due(), "1");
  EXPECT_EQ(commit_detail(sample_detail(600)), written::unchanged);
  EXPECT_EQ(due(), "");
}

TEST_F(detail_queue, gives_an_order_up_when_its_detail_is_stored) {
  store_status(2, 100);
  EXPECT_EQ(commit_detail(sample_detail(200)), written::created);
  EXPECT_EQ(queued(), "");
}

TEST_F(detail_queue, looks_again_a_day_later_while_a_parcel_is_under_way) {
  store_status(3, 100);
  commit_detail(sample_detail(200));
  EXPECT_EQ(due(), "");
  EXPECT_EQ(due_in(1), "1440");
  EXPECT_EQ(commit_detail(sample_detail(300)), written::unchanged);
  EXPECT_EQ(queued(), "1");
  store_status(5, 400);
  commit_detail(sample_detail(500));
  EXPECT_EQ(queued(), "");
}

TEST_F(detail_queue, does_not_look_again_at_an_order_that_is_too_old_or_without_rules) {
  store_status(3, 100);
  auto rules = every_rule();
  rules.younger_than = std::chrono::seconds{60};
  use(rules);
  commit_detail(sample_detail(200));
  EXPECT_EQ(queued(), "");
  use({});
  commit_detail(sample_detail(300));
  EXPECT_EQ(queued(), "");
}

TEST_F(detail_queue, puts_an_order_off_for_longer_each_time_up_to_a_day) {
  store_status(2, 100);
  store_status(2, 100, 2);
  for (const auto* minutes : {"1", "2", "4", "8"}) {
    put_off(1, "not understood");
    EXPECT_EQ(due_in(1), minutes);
  }
  for (int i = 0; i < 40; ++i) put_off(1, "not understood");
  EXPECT_EQ(due_in(1), "1440");
  EXPECT_EQ(due(), "2");
  EXPECT_EQ(run(details().due("main", 5)).value().at(0).tries, 0);
  put_off(7, "it is not queued");
  EXPECT_EQ(queued(), "1, 2");
}

TEST_F(detail_queue, is_worked_by_account_the_longest_due_first_and_what_is_asked_for_last) {
  for (const int id : {4, 3, 2, 1}) {
    auto order = sample_order(id);
    order.order_status = 2;
    rehash(order);
    store_orders({order}, 100 - id);
  }
  execute(
      "UPDATE ordersync.detail_queue SET due_at = now() - order_id * interval '1 min';"
      "UPDATE ordersync.detail_queue SET asked = true WHERE order_id = 4;"
      "UPDATE ordersync.detail_queue SET account = 'second' WHERE order_id = 2");
  EXPECT_EQ(due(), "3 1 4");
  EXPECT_EQ(due("main", 2), "3 1");
  EXPECT_EQ(due("second"), "2");
  const auto first = run(details().due("main", 1)).value().at(0);
  EXPECT_EQ(first.tb_order_id, "2042894174938880794");
}

TEST_F(detail_queue, takes_all_orders_of_a_range_that_somebody_asks_for) {
  use({});
  std::vector<core::order> orders;
  for (int i = 1; i <= 5'003; ++i) {
    auto order = sample_order(i, i % 7);
    if (i == 5'003) order.tb_order_id = " ";
    orders.push_back(order);
  }
  orders.push_back(sample_order(9'000, 50));
  store_orders(orders);
  EXPECT_EQ(ask(span(0, 30)), 5'002);
  EXPECT_EQ(ask(span(0, 30)), 0);
  EXPECT_EQ(ask(span(30, 60), "second"), 0);
  EXPECT_EQ(ask(span(50, 51)), 1);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.detail_queue WHERE asked AND tries = 0"), "5003");
  EXPECT_EQ(run(details().figures("main")).value().asked, 5'003);
}

TEST_F(detail_queue, asking_leaves_what_a_state_has_queued_as_it_is) {
  store_status(2, 100);
  EXPECT_EQ(ask(span(0, 60)), 0);
  EXPECT_EQ(queued(), "1");
}

TEST_F(detail_queue, what_was_put_off_is_due_when_somebody_asks_for_it) {
  store_status(2, 100);
  put_off(1, "not understood");
  EXPECT_EQ(due(), "");
  EXPECT_EQ(ask(span(0, 60)), 1);
  EXPECT_EQ(due(), "1");
  EXPECT_EQ(queued(), "1 asked");
}

TEST_F(detail_queue, an_order_that_somebody_asked_for_is_answered_by_any_detail) {
  store_status(1, 100);
  ask(span(0, 60));
  EXPECT_EQ(queued(), "1 asked");
  commit_detail(sample_detail(200));
  EXPECT_EQ(queued(), "");
}

TEST_F(detail_queue, counts_what_waits_and_what_fails) {
  for (const int id : {1, 2, 3}) store_status(2, 100, id);
  put_off(2, "the reply is not understood");
  commit_detail(sample_detail(200), {}, 3);
  const auto figures = run(details().figures("main")).value();
  EXPECT_EQ(figures.waiting, 1);
  EXPECT_EQ(figures.later, 1);
  EXPECT_EQ(figures.failing, 1);
  EXPECT_EQ(figures.asked, 0);
  EXPECT_EQ(figures.details, 1);
  EXPECT_EQ(figures.last_failure, "the reply is not understood");
  EXPECT_TRUE(figures.oldest.has_value());
  EXPECT_FALSE(figures.refused_at.has_value());
  const auto none = run(details().figures("second")).value();
  EXPECT_EQ(none.waiting + none.later + none.failing + none.details, 0);
  EXPECT_FALSE(none.oldest.has_value());
}

TEST_F(detail_queue, remembers_since_when_the_api_refuses) {
  const auto say = [&](const std::string& why) { ASSERT_TRUE(run(details().set_refused("main", why)).has_value()); };
  say("code 403");
  const auto since = run(details().figures("main")).value().refused_at;
  ASSERT_TRUE(since.has_value());
  say("code 405");
  EXPECT_EQ(run(details().figures("main")).value().refused_at, since);
  EXPECT_EQ(run(details().figures("main")).value().refusal, "code 405");
  EXPECT_FALSE(run(details().figures("second")).value().refused_at.has_value());
  EXPECT_FALSE(run(details().figures("main")).value().refunds_alone);
  ASSERT_TRUE(run(details().set_permitted("main", false)).has_value());
  EXPECT_FALSE(run(details().figures("main")).value().refused_at.has_value());
}

TEST_F(detail_queue, a_refusal_of_refunds_ends_when_one_is_read) {
  ASSERT_TRUE(run(details().set_refused("main", "refunds: code 403")).has_value());
  EXPECT_TRUE(run(details().figures("main")).value().refunds_alone);
  ASSERT_TRUE(run(details().set_permitted("main", false)).has_value());
  EXPECT_TRUE(run(details().figures("main")).value().refused_at.has_value());
  ASSERT_TRUE(run(details().set_permitted("main", true)).has_value());
  EXPECT_FALSE(run(details().figures("main")).value().refused_at.has_value());
}

TEST_F(detail_queue, keeps_an_order_whose_refund_is_missing_and_puts_it_off) {
  store_status(2, 100);
  EXPECT_EQ(commit_without_refund(200, "refund: not understood"), written::created);
  EXPECT_EQ(due_in(1), "1");
  EXPECT_EQ(commit_without_refund(300, "refund: not understood"), written::unchanged);
  EXPECT_EQ(table("SELECT asked, tries, reason FROM ordersync.detail_queue"), "f,2,\"refund: not understood\"");
  EXPECT_EQ(due_in(1), "2");
  EXPECT_EQ(commit_detail(sample_detail(400), {sample_refund()}), written::changed);
  EXPECT_EQ(queued(), "");
  commit_without_refund(500, "refund: not understood");
  EXPECT_EQ(due_in(1), "1") << "it was not in the queue";
}

TEST_F(detail_queue, an_order_that_was_asked_for_and_whose_refund_is_missing_is_still_asked_for) {
  store_status(1, 100);
  ask(span(0, 60));
  commit_without_refund(200, "refunds: code 403");
  EXPECT_EQ(queued(), "1 asked");
  const auto figures = run(details().figures("main")).value();
  EXPECT_EQ(figures.waiting, 0);
  EXPECT_EQ(figures.failing, 1);
}

TEST_F(detail_queue, what_waits_for_refunds_is_due_when_these_are_permitted) {
  for (const int id : {1, 2, 3}) store_status(2, 100, id);
  commit_without_refund(200, "refunds: code 403");
  put_off(2, "the reply is not understood");
  commit_detail(sample_detail(200), {}, 3);  // an earlier program gave its refund up
  EXPECT_EQ(due(), "");
  ASSERT_TRUE(run(details().set_permitted("main", false)).has_value());
  EXPECT_EQ(due(), "");
  ASSERT_TRUE(run(details().set_permitted("main", true)).has_value());
  EXPECT_EQ(due(), "1 3");
  auto detail = sample_detail(300);
  commit_detail(detail, {sample_refund()});
  commit_detail(detail, {sample_refund()}, 3);
  ASSERT_TRUE(run(details().set_permitted("main", true)).has_value());
  EXPECT_EQ(due(), "") << "all refunds are read";
}

TEST_F(detail_queue, while_refunds_are_refused_orders_wait_for_them_and_some_are_tried) {
  for (const int id : {1, 2, 3}) {
    store_status(2, 100, id);
    ASSERT_TRUE(run(details().commit("main", {id, sample_detail(200), {}, "refunds: code 403"})).has_value());
    EXPECT_EQ(due_in(id), "1440") << "to ask again soon is in vain";
  }
  EXPECT_EQ(due(), "");
  ASSERT_TRUE(run(details().try_refunds("second", 2)).has_value());
  EXPECT_EQ(due(), "");
  ASSERT_TRUE(run(details().try_refunds("main", 2)).has_value());
  const auto tried = run(details().due("main", 5)).value();
  ASSERT_EQ(tried.size(), 2U);
  EXPECT_TRUE(tried[0].waits_for_refunds);
  store_status(3, 300);
  EXPECT_FALSE(run(details().due("main", 5)).value().back().waits_for_refunds) << "it entered another state";
}

TEST_F(detail_queue, what_is_stored_shows_what_is_permitted_until_it_is_refused) {
  const auto known = [this](const std::string& account = "main") {
    const auto now = run(details().permitted(account)).value();
    return std::pair{now.order, now.refund};
  };
  using texts = std::pair<std::string, std::string>;
  EXPECT_EQ(known(), texts("", ""));
  store_status(2, 100);
  commit_without_refund(200, "refunds: code 403");
  EXPECT_EQ(known(), texts("2042894174938880794", ""));
  commit_detail(sample_detail(300), {sample_refund()});
  EXPECT_EQ(known(), texts("2042894174938880794", "TQ1"));
  EXPECT_EQ(known("second"), texts("", ""));
  ASSERT_TRUE(run(details().set_refused("main", "refunds: code 403")).has_value());
  EXPECT_EQ(known(), texts("2042894174938880794", ""));
  ASSERT_TRUE(run(details().set_refused("main", "code 403")).has_value());
  EXPECT_EQ(known(), texts("", ""));
}

TEST_F(detail_queue, puts_an_order_behind_those_that_are_due) {
  for (const int id : {1, 2}) store_status(2, 100, id);
  execute("UPDATE ordersync.detail_queue SET due_at = now() - interval '1 min'");
  ASSERT_TRUE(run(details().put_behind("main", 1, "no connection")).has_value());
  EXPECT_EQ(due(), "2 1");
  EXPECT_EQ(table("SELECT tries, reason FROM ordersync.detail_queue WHERE order_id = 1"), "1,\"no connection\"");
}

TEST_F(detail_queue, gives_up_orders_that_lose_their_number_until_they_have_one_again) {
  for (const int id : {1, 2}) store_status(2, 100, id);
  auto order = sample_order(1);
  order.order_status = 2;
  for (const auto& number : {core::text{}, core::text{" "}}) {
    order.tb_order_id = number;
    rehash(order);
    store_orders({order}, number ? 400 : 200);
    EXPECT_EQ(queued(), "2");
    store_status(2, number ? 500 : 300);
    EXPECT_EQ(queued(), "1, 2");
  }
}

TEST_F(detail_queue, takes_off_what_an_earlier_program_queued_without_a_number) {
  for (const int id : {1, 2, 3}) store_status(2, 100, id);
  execute(
      "UPDATE ordersync.orders SET tb_order_id = NULL WHERE id = 1;"
      "UPDATE ordersync.orders SET tb_order_id = ' ' WHERE id = 2;"
      "UPDATE ordersync.detail_queue SET due_at = now() - interval '1 min' * (4 - order_id)");
  EXPECT_EQ(due("main", 1), "3");
  EXPECT_EQ(queued(), "3");
  EXPECT_EQ(run(details().figures("main")).value().waiting, 1);
}

TEST_F(detail_queue, follows_an_order_to_the_account_that_it_becomes) {
  store_status(2, 100);
  store_->reconfigure("", {"second"}, every_rule());
  open("second");
  auto order = sample_order(1);
  order.order_status = 2;
  rehash(order);
  auto batch = proven_batch(span(0, 60), {order}, 200);
  batch.account = "second";
  commit(batch);
  EXPECT_EQ(value("SELECT account FROM ordersync.detail_queue"), "second");
}

TEST_F(detail_queue, goes_with_its_order) {
  store_status(3, 100);
  commit_detail(sample_detail(200), {sample_refund()});
  execute("DELETE FROM ordersync.orders");
  EXPECT_EQ(queued(), "");
  for (const auto* left : {"order_details", "order_payments", "order_shipments", "order_refunds", "order_contacts",
                           "order_detail_payloads", "order_refund_payloads", "order_detail_history"})
    EXPECT_EQ(value(fmt::format("SELECT count(*) FROM ordersync.{}", left)), "0") << left;
  EXPECT_EQ(commit_detail(sample_detail(300)), written::no_order);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_details"), "0");
}

TEST_F(detail_queue, of_what_is_looked_at_again_nothing_is_missing) {
  const std::string missing = "SELECT count(*) FROM reporting.details_missing";
  store_status(3, 100);
  EXPECT_EQ(value(missing), "1");
  commit_detail(sample_detail(200), {sample_refund()});
  EXPECT_EQ(value(missing), "0");
  EXPECT_EQ(commit_detail(sample_detail(300), {sample_refund()}), store::details::written::unchanged);
  EXPECT_EQ(value("SELECT due_at > now() FROM ordersync.detail_queue"), "t");
  EXPECT_EQ(value(missing), "0");
}

}  // namespace
}  // namespace ordersync::store_test
