// Orders that a proven window does not show any more, against a real database and an API that is given order by order.
#include "app/tasks/missing_orders.hpp"

#include "store/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <map>

namespace ordersync::app::tasks {
namespace {

using store_test::at_ms;
using store_test::rehash;
using store_test::sample_order;

core::order numbered(std::int64_t id, std::int64_t status = 2) {
  auto order = sample_order(id);
  order.tb_order_id = std::to_string(1000 + id);
  order.order_status = status;
  rehash(order);
  return order;
}

sync::missing_order missing(std::int64_t id) {
  return {id, std::to_string(1000 + id), at_ms(10)};
}

class given_api final : public sync::order_source {
 public:
  std::map<std::string, core::order> by_number;
  std::map<int, std::vector<core::order>> by_status;
  std::optional<core::error> failure;
  int look_ups = 0;

  boost::asio::awaitable<core::result<sync::page>> fetch(sync::page_request asked,
                                                         std::chrono::steady_clock::time_point) override {
    EXPECT_TRUE(asked.status.has_value());
    EXPECT_TRUE(asked.window.contains(at_ms(10)));
    if (asked.received) asked.received();
    co_return page_of(by_status[asked.status.value_or(0)]);
  }
  boost::asio::awaitable<core::result<sync::page>> look_up(std::string number, core::window around,
                                                           std::chrono::steady_clock::time_point,
                                                           std::function<void()> received) override {
    ++look_ups;
    EXPECT_TRUE(around.contains(at_ms(10)));
    if (received) received();
    if (failure) co_return *failure;
    const auto at = by_number.find(number);
    co_return page_of(at == by_number.end() ? std::vector<core::order>{} : std::vector{at->second});
  }
  void close() noexcept override {}

 private:
  static sync::page page_of(std::vector<core::order> orders) {
    sync::page reply;
    for (auto& order : orders) order.observed_at = at_ms(300);
    reply.total = static_cast<std::int64_t>(orders.size());
    reply.orders = std::move(orders);
    reply.observed_at = at_ms(300);
    return reply;
  }
};

struct missing_orders_test : store_test::store_test {
  boost::asio::io_context io;
  sync::flow::request_gate turns{io.get_executor(), {.per_second = 10'000, .burst = 100}};
  given_api api;
  int suspected = 0;
  std::optional<missing_orders> those;

  // The store's thread may hold io's executor for a moment after it has answered.
  void TearDown() override {
    those.reset();
    store_.reset();
    store_test::TearDown();
  }
  void SetUp() override {
    store_test::SetUp();
    those.emplace(
        missing_orders::dependencies{
            .database = *store_, .turns = turns, .log = log_, .suspect_lists = [this] { ++suspected; }},
        "main", missing_orders::rules{.per_second = 10'000});
    // The one that was just shown.
    api.by_number["1001"] = numbered(1);
  }

  // Whether anything was looked up.
  bool look_up(const std::vector<sync::missing_order>& orders) {
    if (!those->add(orders, missing(1), std::chrono::steady_clock::now())) return false;
    boost::asio::co_spawn(io, those->look_up_all(api), [](const std::exception_ptr& failed) {
      if (failed) std::rethrow_exception(failed);
    });
    io.restart();
    io.run();
    return true;
  }
  std::string vanished() {
    return value(
        "SELECT coalesce(string_agg(id::text, ',' ORDER BY id), 'none') FROM ordersync.orders "
        "WHERE _vanished_at IS NOT NULL");
  }
  std::string status(std::int64_t id) {
    return value("SELECT order_status FROM ordersync.orders WHERE id = " + std::to_string(id));
  }
};

TEST_F(missing_orders_test, what_neither_its_number_nor_a_status_shows_is_marked) {
  store_orders({numbered(1), numbered(2)});
  EXPECT_TRUE(look_up({missing(2)}));
  EXPECT_EQ(vanished(), "2");
  EXPECT_EQ(log_.count("orders_vanished"), 1);
  EXPECT_EQ(suspected, 0);
}

TEST_F(missing_orders_test, what_its_number_shows_is_stored_and_left_alone_for_an_hour) {
  store_orders({numbered(1), numbered(2)});
  api.by_number["1002"] = numbered(2, 3);
  EXPECT_TRUE(look_up({missing(2)}));
  EXPECT_EQ(vanished(), "none");
  EXPECT_EQ(status(2), "3");
  EXPECT_EQ(suspected, 1);
  EXPECT_FALSE(look_up({missing(2)}));
}

TEST_F(missing_orders_test, what_only_a_finished_status_shows_is_not_marked_and_lists_are_suspected) {
  store_orders({numbered(1), numbered(2)});
  api.by_status[7] = {numbered(2, 7)};
  EXPECT_TRUE(look_up({missing(2)}));
  EXPECT_EQ(vanished(), "none");
  EXPECT_EQ(status(2), "7");
  EXPECT_EQ(suspected, 1);
}

TEST_F(missing_orders_test, look_ups_that_do_not_find_what_was_just_shown_are_not_trusted) {
  store_orders({numbered(1), numbered(2)});
  api.by_number.clear();
  EXPECT_TRUE(look_up({missing(2)}));
  EXPECT_EQ(vanished(), "none");
  EXPECT_EQ(log_.count("look_up_failed"), 1);
  EXPECT_EQ(suspected, 1);
}

TEST_F(missing_orders_test, a_look_up_that_fails_marks_nothing_and_rests) {
  store_orders({numbered(1), numbered(2)});
  api.failure = core::make_error(core::failure::unreachable, "down");
  EXPECT_TRUE(look_up({missing(2)}));
  EXPECT_EQ(vanished(), "none");
  EXPECT_EQ(log_.count("look_up_failed"), 1);
  EXPECT_FALSE(look_up({missing(2)})) << "not again at once";
}

TEST_F(missing_orders_test, a_look_up_that_shows_another_order_is_no_answer) {
  store_orders({numbered(1), numbered(2)});
  api.by_number["1002"] = numbered(3);
  EXPECT_TRUE(look_up({missing(2)}));
  EXPECT_EQ(vanished(), "none");
  EXPECT_EQ(log_.count("look_up_failed"), 1);
}

TEST_F(missing_orders_test, many_at_once_are_not_marked_but_reported) {
  std::vector<core::order> orders;
  std::vector<sync::missing_order> gone;
  for (std::int64_t id = 1; id <= 40; ++id) orders.push_back(numbered(id));
  for (std::int64_t id = 2; id <= 31; ++id) gone.push_back(missing(id));
  store_orders(orders);
  EXPECT_TRUE(look_up(gone));
  EXPECT_EQ(vanished(), "none");
  EXPECT_EQ(log_.count("orders_missing_in_mass"), 1);
  EXPECT_EQ(api.look_ups, 1) << "of the order that was just shown";
  EXPECT_EQ(suspected, 1);
}

TEST_F(missing_orders_test, a_few_of_them_are_looked_up) {
  std::vector<core::order> orders;
  std::vector<sync::missing_order> gone;
  for (std::int64_t id = 1; id <= 40; ++id) orders.push_back(numbered(id));
  for (std::int64_t id = 2; id <= 21; ++id) gone.push_back(missing(id));
  store_orders(orders);
  EXPECT_TRUE(look_up(gone));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders WHERE _vanished_at IS NOT NULL"), "20");
  std::vector<sync::missing_order> one_more{missing(22)};
  EXPECT_TRUE(look_up(one_more));
  EXPECT_EQ(log_.count("orders_missing_in_mass"), 1) << "those marked within the last day count as well";
}

TEST(witness_of_a_batch, is_the_first_order_with_a_number_of_digits_and_a_time) {
  sync::window_batch batch;
  EXPECT_FALSE(witness_of(batch));
  auto without_number = numbered(1);
  without_number.tb_order_id = "";
  auto odd = numbered(2);
  odd.tb_order_id = "10O2";
  auto timeless = numbered(3);
  timeless.created_at.reset();
  timeless.tb_created_at.reset();
  batch.orders = {without_number, odd, timeless};
  EXPECT_FALSE(witness_of(batch));
  batch.orders.push_back(numbered(4));
  EXPECT_EQ(witness_of(batch)->id, 4);
}

}  // namespace
}  // namespace ordersync::app::tasks
