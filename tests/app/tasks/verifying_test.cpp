// Comparing the mirror with the API, against a real database and an API that shows the orders it is given.
#include "app/tasks/verifying.hpp"

#include "app/listed_api.hpp"
#include "store/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>

namespace ordersync::app::tasks {
namespace {

using store_test::at;
using store_test::at_ms;
using store_test::proven_batch;
using store_test::rehash;
using store_test::run;
using store_test::span;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::numbered;
using kind = order_difference::kind;

constexpr int day = 86'400;

struct verifying_test : store_test::store_test {
  boost::asio::io_context io;
  setup::configuration from = testing::configuration_of(at(0));
  testing::listed_api api;
  std::optional<verifying> verb;
  std::vector<verify_progress> progress;

  void SetUp() override {
    store_test::SetUp();
    verb.emplace(task_dependencies{io.get_executor(), from, *store_, log_, api.maker()});
  }
  // The store's thread may hold io's executor for a moment after it has answered.
  void TearDown() override {
    verb.reset();
    store_.reset();
    store_test::TearDown();
  }

  // Both have them.
  void share(std::vector<core::order> orders, int days = 1) {
    api.add(orders);
    commit(proven_batch(span(0, days * day), std::move(orders)));
  }
  verify_result perform(const verify_request& order) {
    std::optional<core::result<verify_result>> ended;
    const auto listener = [this](std::string_view, const verify_progress& now) { progress.push_back(now); };
    boost::asio::co_spawn(io, verb->perform(order, listener), [&](const std::exception_ptr& thrown, auto result) {
      if (thrown) std::rethrow_exception(thrown);
      ended = std::move(result);
    });
    io.restart();
    io.run();
    EXPECT_TRUE(ended && ended->has_value());
    return ended && ended->has_value() ? **ended : verify_result{};
  }
  account_verification verify(int days = 1, bool fix = false) {
    const auto result = perform({.range = span(0, days * day), .account = {}, .fix = fix});
    EXPECT_EQ(result.accounts.size(), 1U);
    return result.accounts.empty() ? account_verification{} : result.accounts[0];
  }

  // An hour into the day and later, so that no end of a window is near.
  static std::vector<core::order> orders_of_statuses(const std::vector<std::int64_t>& statuses, int of_day = 0) {
    std::vector<core::order> orders;
    for (const auto status : statuses) {
      const auto number = static_cast<int>(orders.size());
      orders.push_back(numbered(1 + of_day * 1000 + number, status, at(of_day * day + 3600 + 60 * number)));
    }
    return orders;
  }
  static std::vector<kind> kinds_of(const account_verification& result) {
    std::vector<kind> kinds;
    for (const auto& window : result.differences)
      for (const auto& order : window.orders) kinds.push_back(order.what);
    return kinds;
  }
};

// The mirror's own counts.

TEST_F(verifying_test, counts_that_are_not_those_of_the_orders_are_reported_once_and_corrected) {
  share(orders_of_statuses({2, 2, 3}));
  EXPECT_TRUE(verify().miscounts.empty());
  execute("UPDATE ordersync.order_counts SET orders = 7, order_items = 1 WHERE status = 2");
  const auto result = verify();
  ASSERT_EQ(result.miscounts.size(), 1U);
  EXPECT_EQ(result.miscounts[0].status, 2);
  EXPECT_EQ(result.miscounts[0].orders, -5);
  EXPECT_TRUE(result.differences.empty());
  EXPECT_EQ(log_.count("counts_corrected"), 1);
  EXPECT_EQ(run(store_->status()).value().orders, 3);
  EXPECT_TRUE(verify().miscounts.empty());
}

TEST_F(verifying_test, counts_of_accounts_that_are_not_configured_are_corrected_too) {
  share(orders_of_statuses({2}));
  execute("INSERT INTO ordersync.order_counts VALUES ('gone', '2024-05-07', 3, 4, 0, 8)");
  verify_request request{.range = span(0, day), .account = {}, .fix = false};
  const auto result = perform(request);
  ASSERT_EQ(result.accounts.size(), 2U);
  EXPECT_EQ(result.accounts[1].account, "gone");
  ASSERT_EQ(result.accounts[1].miscounts.size(), 1U);
  EXPECT_EQ(result.accounts[1].miscounts[0].orders, -4);
}

// What it costs.

TEST_F(verifying_test, a_day_of_one_status_costs_its_total_and_that_status) {
  share(orders_of_statuses({2, 2, 2}));
  const auto result = verify();
  EXPECT_EQ(result.calls, 2);
  EXPECT_EQ(result.windows, 1);
  EXPECT_TRUE(result.differences.empty());
  EXPECT_FALSE(result.stopped_by) << result.stopped_by->what;
  EXPECT_EQ(result.range, span(0, day));
}

TEST_F(verifying_test, a_day_of_all_statuses_costs_nine_calls) {
  share(orders_of_statuses({1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(verify().calls, 9);
}

TEST_F(verifying_test, an_order_without_a_status_has_all_of_them_asked_for) {
  auto orders = orders_of_statuses({2, 2});
  orders[1].order_status.reset();
  rehash(orders[1]);
  share(orders);
  const auto result = verify();
  EXPECT_EQ(result.calls, 9);
  EXPECT_TRUE(result.differences.empty());
}

TEST_F(verifying_test, an_order_whose_status_could_not_be_stored_may_have_any) {
  auto orders = orders_of_statuses({2, 2, 2});
  api.add(orders);
  orders[1].order_status.reset();
  commit(proven_batch(span(0, day), std::move(orders)));
  const auto result = verify();
  EXPECT_EQ(result.calls, 2);
  EXPECT_EQ(result.windows, 1);
  EXPECT_TRUE(result.differences.empty());
}

TEST_F(verifying_test, a_day_without_orders_costs_one_call) {
  share(orders_of_statuses({2}));
  EXPECT_EQ(verify(2).calls, 2 + 1);
}

TEST_F(verifying_test, each_day_costs_the_same_and_is_reported) {
  std::vector<core::order> orders;
  constexpr int days = 10;
  for (int i = 0; i < days; ++i)
    for (auto& order : orders_of_statuses({2, 7, 7, 7, 6}, i)) orders.push_back(std::move(order));
  share(orders, days);
  const auto result = verify(days);
  EXPECT_EQ(result.windows, days);
  EXPECT_EQ(result.calls, days * (1 + 3));
  ASSERT_EQ(progress.size(), static_cast<std::size_t>(days));
  EXPECT_EQ(progress.back().done, std::chrono::days{days});
  RecordProperty("calls_of_trials", static_cast<int>(api.asked.size()) - static_cast<int>(result.calls));
}

// Orders by day and night, so that each end of a day has some near.
TEST_F(verifying_test, busy_days_cost_nine_calls_at_most) {
  std::vector<core::order> orders;
  constexpr int days = 7;
  for (int i = 0; i < days * 288; ++i) orders.push_back(numbered(1 + i, 1 + i * 5 % 8, at(300 * i)));
  share(orders, days);
  const auto result = verify(days);
  EXPECT_TRUE(result.differences.empty());
  EXPECT_LE(result.windows, days + 1) << "the range has grown by some seconds, which are a window of their own";
  EXPECT_LE(result.calls, days * 9 + 1);
  EXPECT_GE(result.calls, days * 2);
  RecordProperty("calls", static_cast<int>(result.calls));
}

TEST_F(verifying_test, no_request_is_for_more_than_a_day_and_a_moment_without_orders) {
  share(orders_of_statuses({2}), 3);
  const auto before = api.asked.size();
  ASSERT_EQ(before, 0U);
  const auto result = verify(3);
  for (auto i = api.asked.size() - static_cast<std::size_t>(result.calls); i < api.asked.size(); ++i)
    EXPECT_LE(api.asked[i].window.length(), std::chrono::days{1});
}

// What it finds.

TEST_F(verifying_test, names_an_order_of_another_status) {
  share(orders_of_statuses({2, 2, 7}));
  api.orders[2] = numbered(2, 3, at(3660));
  const auto result = verify();
  ASSERT_THAT(kinds_of(result), ElementsAre(kind::status));
  const auto& order = result.differences[0].orders[0];
  EXPECT_EQ(order.order_id, 2);
  EXPECT_EQ(order.api_status, 3);
  EXPECT_EQ(order.mirror_status, 2);
  EXPECT_EQ(result.differences[0].api_total, 3);
}

TEST_F(verifying_test, names_an_order_that_the_mirror_does_not_have) {
  share(orders_of_statuses({2, 2}));
  api.add({numbered(77, 4, at(7200))});
  const auto result = verify();
  ASSERT_THAT(kinds_of(result), ElementsAre(kind::missing));
  EXPECT_EQ(result.differences[0].orders[0].order_id, 77);
  EXPECT_EQ(result.differences[0].orders[0].api_status, 4);
  EXPECT_EQ(result.differences[0].api_total, 3);
  EXPECT_EQ(result.differences[0].mirror_total.most, 2);
}

TEST_F(verifying_test, names_an_order_that_the_api_does_not_show) {
  share(orders_of_statuses({2, 2, 2}));
  api.orders.erase(2);
  const auto result = verify();
  ASSERT_THAT(kinds_of(result), ElementsAre(kind::not_shown));
  EXPECT_EQ(result.differences[0].orders[0].order_id, 2);
  EXPECT_EQ(result.differences[0].orders[0].mirror_status, 2);
}

TEST_F(verifying_test, one_that_vanished_is_not_expected) {
  share(orders_of_statuses({2, 2, 2}));
  api.orders.erase(2);
  ASSERT_EQ(*run(store_->mark_vanished("main", {2}, at_ms(2 * day))), 1);
  EXPECT_TRUE(verify().differences.empty());
}

TEST_F(verifying_test, other_content_alone_makes_no_count_differ) {
  share(orders_of_statuses({2, 2}));
  api.orders[2].close_reason = "another";
  rehash(api.orders[2]);
  EXPECT_TRUE(verify().differences.empty()) << "verify compares counts; help and documentation say so";
}

TEST_F(verifying_test, cuts_a_full_day_down_to_the_hour_that_differs) {
  std::vector<core::order> orders;
  for (int i = 0; i < 600; ++i) orders.push_back(numbered(1 + i, 2, at(60 + 140 * i)));
  share(orders);
  api.orders[300] = numbered(300, 3, at(60 + 140 * 299));
  const auto result = verify();
  ASSERT_THAT(kinds_of(result), ElementsAre(kind::status));
  EXPECT_EQ(result.differences[0].orders[0].order_id, 300);
  EXPECT_LT(result.differences[0].window.length(), std::chrono::hours{12});
  EXPECT_GT(result.windows, 1);
  RecordProperty("calls", static_cast<int>(result.calls));
}

TEST_F(verifying_test, fix_reads_the_window_again_and_the_difference_is_gone) {
  share(orders_of_statuses({2, 2}));
  api.add({numbered(77, 4, at(7200))});
  const auto result = verify(1, true);
  EXPECT_EQ(result.repaired, 1);
  EXPECT_TRUE(result.differences.empty());
  EXPECT_FALSE(result.stopped_by) << result.stopped_by->what;
  EXPECT_EQ(value("SELECT order_status FROM ordersync.orders WHERE id = 77"), "4");
}

// What is in its way.

TEST_F(verifying_test, an_api_that_fails_midway_ends_it_and_what_was_found_stays) {
  auto orders = orders_of_statuses({2, 2});
  for (auto& order : orders_of_statuses({2, 2}, 1)) orders.push_back(std::move(order));
  share(orders, 2);
  api.orders[2] = numbered(2, 3, at(3660));
  api.fails = [](const sync::page_request& asked) -> std::optional<core::error> {
    if (asked.window != span(day, 2 * day)) return std::nullopt;
    return core::make_error(core::failure::refused, "code 40101: the key is not accepted");
  };
  const auto result = verify(2);
  ASSERT_TRUE(result.stopped_by);
  EXPECT_EQ(result.stopped_by->kind, core::failure::refused);
  EXPECT_THAT(result.stopped_by->what, HasSubstr("40101"));
  EXPECT_THAT(kinds_of(result), ElementsAre(kind::status)) << "of the first day";
}

TEST_F(verifying_test, a_request_that_fails_once_is_tried_again_and_reported) {
  share(orders_of_statuses({2, 2}));
  int left = 1;
  api.fails = [&left](const sync::page_request& asked) -> std::optional<core::error> {
    if (asked.window != span(0, day) || left-- <= 0) return std::nullopt;
    return core::make_error(core::failure::unreachable, "cut");
  };
  const auto result = verify();
  EXPECT_FALSE(result.stopped_by);
  EXPECT_EQ(result.calls, 2 + 1);
  EXPECT_EQ(log_.count("request_retry"), 1);
}

TEST_F(verifying_test, an_api_whose_filter_fails_is_compared_with_nothing) {
  share(orders_of_statuses({2, 2}));
  api.orders.clear();
  const auto result = verify();
  ASSERT_TRUE(result.stopped_by);
  EXPECT_THAT(result.stopped_by->what, HasSubstr("comparing is not possible"));
  EXPECT_EQ(result.calls, 0);
}

TEST_F(verifying_test, what_is_not_settled_is_not_compared) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  share(orders_of_statuses({2}));
  verify_request order{.range = {now - std::chrono::seconds{20}, now}, .account = {}};
  std::optional<core::result<verify_result>> ended;
  boost::asio::co_spawn(io, verb->perform(order, [](auto, const auto&) {}),
                        [&](const std::exception_ptr&, auto result) { ended = std::move(result); });
  io.run();
  ASSERT_TRUE(ended && ended->has_value());
  EXPECT_EQ((*ended)->accounts.at(0).calls, 0);
  EXPECT_EQ((*ended)->accounts.at(0).windows, 0);
}

TEST_F(verifying_test, stop_ends_it_without_a_failure) {
  share(orders_of_statuses({2, 2}), 30);
  api.fails = [this](const sync::page_request& asked) -> std::optional<core::error> {
    if (asked.window == span(0, day)) verb->stop();
    return std::nullopt;
  };
  const auto result = verify(30);
  EXPECT_FALSE(result.stopped_by);
  EXPECT_LE(result.windows, 1);
}

}  // namespace
}  // namespace ordersync::app::tasks
