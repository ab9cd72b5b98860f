#include "sync/sweep/window_reader.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::sweep {
namespace {

using namespace std::chrono_literals;

const core::window hour{core::second{3600s}, core::second{7200s}};

page reply(std::int64_t total, std::initializer_list<std::int64_t> ids) {
  page p;
  p.total = total;
  for (const auto id : ids) p.orders.emplace_back().id = id;
  return p;
}

struct reading : ::testing::Test {
  window_reader reader{hour, {.page_size = 2, .max_orders = 10}, true};

  void SetUp() override { reader.begin(window_reader::mode::careful); }

  // Answers the page that the reader must be asking for.
  void answer(int number, page p) {
    ASSERT_EQ(reader.next_page(), number);
    reader.on_page(number, std::move(p));
  }
};

TEST_F(reading, an_empty_window_is_proven_by_one_page) {
  answer(1, reply(0, {}));
  EXPECT_EQ(reader.concluded(), conclusion::proven);
  EXPECT_EQ(reader.pages(), 1);
}

TEST_F(reading, a_window_of_one_page_needs_no_second_read) {
  answer(1, reply(1, {7}));
  EXPECT_EQ(reader.next_page(), std::nullopt);
  EXPECT_EQ(reader.concluded(), conclusion::proven);
}

TEST_F(reading, several_pages_are_confirmed_by_page_one_at_the_end) {
  answer(1, reply(3, {1, 2}));
  answer(2, reply(3, {3}));
  EXPECT_EQ(reader.concluded(), std::nullopt);
  answer(1, reply(3, {1, 2}));
  EXPECT_EQ(reader.concluded(), conclusion::proven);
  EXPECT_EQ(reader.take_orders().size(), 3u);
}

TEST_F(reading, the_other_pages_are_asked_for_together) {
  answer(1, reply(7, {1, 2}));
  EXPECT_EQ(reader.next_page(), 2);
  EXPECT_EQ(reader.next_page(), 3);
  EXPECT_EQ(reader.next_page(), 4);
  EXPECT_EQ(reader.next_page(), std::nullopt);
}

TEST_F(reading, a_total_that_differs_between_pages_proves_nothing) {
  answer(1, reply(3, {1, 2}));
  answer(2, reply(4, {3}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
  EXPECT_EQ(reader.reason(), "page 1 reported 3 orders, page 2 reports 4");
}

TEST_F(reading, a_total_that_differs_at_the_end_proves_nothing) {
  answer(1, reply(3, {1, 2}));
  answer(2, reply(3, {3}));
  answer(1, reply(2, {1, 2}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
}

TEST_F(reading, an_order_on_two_pages_is_counted_once_and_so_proves_nothing) {
  answer(1, reply(4, {1, 2}));
  answer(2, reply(4, {2, 3}));
  answer(3, reply(4, {}));
  answer(1, reply(4, {1, 2}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
  EXPECT_EQ(reader.take_orders().size(), 3u);
}

TEST_F(reading, a_full_last_page_is_followed_by_one_more) {
  answer(1, reply(2, {1, 2}));
  answer(2, reply(2, {}));
  EXPECT_EQ(reader.concluded(), conclusion::proven);
}

TEST_F(reading, a_total_that_is_too_small_is_found_out_behind_the_last_page) {
  answer(1, reply(2, {1, 2}));
  answer(2, reply(2, {3, 4}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
}

TEST_F(reading, an_api_that_honours_a_smaller_page_size_is_read_in_its_steps) {
  window_reader capped(hour, {.page_size = 50, .max_orders = 100}, true);
  capped.begin(window_reader::mode::careful);
  ASSERT_EQ(capped.next_page(), 1);
  capped.on_page(1, reply(3, {1, 2}));
  ASSERT_EQ(capped.next_page(), 2);
  capped.on_page(2, reply(3, {3}));
  ASSERT_EQ(capped.next_page(), 1);
  capped.on_page(1, reply(3, {1, 2}));
  EXPECT_EQ(capped.concluded(), conclusion::proven);
}

TEST_F(reading, a_window_that_holds_too_many_is_not_read) {
  answer(1, reply(11, {1, 2}));
  EXPECT_EQ(reader.next_page(), std::nullopt);
  EXPECT_EQ(reader.concluded(), conclusion::too_many);
}

TEST_F(reading, a_second_that_holds_too_many_is_read_all_the_same) {
  window_reader second({hour.begin, hour.begin + 1s}, {.page_size = 2, .max_orders = 2}, false);
  second.begin(window_reader::mode::careful);
  ASSERT_EQ(second.next_page(), 1);
  second.on_page(1, reply(3, {1, 2}));
  EXPECT_EQ(second.next_page(), 2);
}

TEST_F(reading, an_order_that_cannot_be_read_leaves_the_window_unproven) {
  auto p = reply(2, {1});
  p.unusable.push_back({"data[1]", "no id", "{}", {}});
  answer(1, std::move(p));
  ASSERT_EQ(reader.next_page(), 2);
  reader.on_page(2, reply(2, {}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
  EXPECT_EQ(reader.take_unusable().size(), 1u);
}

TEST_F(reading, a_page_that_counts_orders_and_shows_none_is_not_an_empty_window) {
  answer(1, reply(5, {}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
}

TEST_F(reading, only_what_the_servers_clock_calls_settled_is_proven) {
  auto p = reply(1, {1});
  p.server_time = hour.end + 2s;
  answer(1, std::move(p));
  EXPECT_EQ(reader.concluded(), conclusion::proven);
  EXPECT_EQ(reader.proven_window(), (core::window{hour.begin, hour.end - 3s}));
}

TEST_F(reading, a_window_in_the_servers_future_is_not_proven) {
  auto p = reply(0, {});
  p.server_time = hour.begin;
  answer(1, std::move(p));
  EXPECT_EQ(reader.concluded(), conclusion::not_settled);
}

TEST_F(reading, the_later_of_two_sightings_of_an_order_is_kept) {
  auto first = reply(3, {1, 2});
  first.observed_at = core::instant{5ms};
  for (auto& o : first.orders) o.observed_at = first.observed_at;
  answer(1, std::move(first));
  answer(2, reply(3, {3}));
  auto again = reply(3, {1, 2});
  for (auto& o : again.orders) o.observed_at = core::instant{9ms};
  answer(1, std::move(again));
  for (const auto& o : reader.take_orders()) {
    const auto seen_last = core::instant{o.id == 3 ? 0ms : 9ms};
    EXPECT_EQ(o.observed_at, seen_last) << o.id;
  }
}

TEST_F(reading, a_page_that_cannot_be_had_ends_the_read) {
  ASSERT_EQ(reader.next_page(), 1);
  reader.on_failure(core::make_error(core::failure::unusable_reply, "no total"));
  EXPECT_EQ(reader.concluded(), conclusion::failed);
  EXPECT_EQ(reader.reason(), "no total");
}

TEST_F(reading, another_read_counts_anew_and_keeps_the_orders) {
  answer(1, reply(3, {1}));
  answer(2, reply(4, {2}));
  while (reader.next_page()) reader.on_page(3, reply(4, {}));
  ASSERT_EQ(reader.concluded(), conclusion::doubtful);
  reader.begin(window_reader::mode::careful);
  EXPECT_EQ(reader.seen(), 0);
  answer(1, reply(1, {1}));
  EXPECT_EQ(reader.concluded(), conclusion::proven);
  EXPECT_EQ(reader.held(), 2u);
}

TEST_F(reading, an_exhaustive_read_goes_on_in_spite_of_doubts) {
  reader.begin(window_reader::mode::exhaustive);
  answer(1, reply(5, {1, 2}));
  answer(2, reply(6, {3, 4}));
  answer(3, reply(5, {5}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
  EXPECT_EQ(reader.held(), 5u);
}

TEST_F(reading, an_exhaustive_read_goes_on_until_a_page_is_not_full) {
  reader.begin(window_reader::mode::exhaustive);
  answer(1, reply(3, {1, 2}));
  answer(2, reply(7, {3, 4}));
  answer(3, reply(7, {5, 6}));
  answer(4, reply(7, {7}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
  EXPECT_EQ(reader.held(), 7u);
}

core::order created(std::int64_t id, core::instant at, int status = 1, unsigned char content = 0) {
  core::order order;
  order.id = id;
  order.created_at = at;
  order.order_status = status;
  order.content_hash[0] = content;
  return order;
}

page listed(std::int64_t total, std::vector<core::order> orders) {
  page p;
  p.total = total;
  p.orders = std::move(orders);
  return p;
}

TEST_F(reading, an_order_created_outside_of_the_window_proves_nothing_and_names_the_shift) {
  answer(1, listed(1, {created(7, hour.begin - 1h + 10min)}));
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
  EXPECT_TRUE(reader.outside());
  EXPECT_NE(reader.reason().find("1 h 00 min ahead of"), std::string::npos) << reader.reason();
}

TEST_F(reading, either_creation_time_may_be_the_one_that_is_filtered) {
  auto order = created(7, hour.begin - 3h);
  order.tb_created_at = hour.begin + 1s;
  answer(1, listed(1, {order}));
  EXPECT_EQ(reader.concluded(), conclusion::proven);
}

TEST_F(reading, of_two_states_on_one_page_the_later_in_life_is_kept_and_drift_is_noted) {
  for (const bool later_first : {true, false}) {
    window_reader one(hour, {.page_size = 2, .max_orders = 10}, true);
    one.begin(window_reader::mode::careful);
    ASSERT_EQ(one.next_page(), 1);
    auto paid = created(7, hour.begin, 2, 1);
    auto shipped = created(7, hour.begin, 3, 2);
    one.on_page(1, listed(1, later_first ? std::vector{shipped, paid} : std::vector{paid, shipped}));
    EXPECT_EQ(one.concluded(), conclusion::proven);
    const auto orders = one.take_orders();
    ASSERT_EQ(orders.size(), 1u);
    EXPECT_EQ(orders.front().order_status, 3);
    EXPECT_EQ(orders.front().unknown_paths.size(), 1u);
  }
}

TEST_F(reading, a_page_that_repeats_another_ends_the_read) {
  answer(1, reply(100, {1, 2}));
  for (int i = 2; i <= 4; ++i) ASSERT_EQ(reader.next_page(), std::nullopt) << "too many orders";
}

TEST(reading_by_status, asks_for_one_status_after_the_other_and_confirms_each) {
  window_reader reader(hour, {.page_size = 2, .max_orders = 10, .statuses = {1, 5}}, true);
  reader.begin(window_reader::mode::careful);
  const auto answer = [&](int status, page p) {
    ASSERT_EQ(reader.next_page(), 1);
    ASSERT_EQ(reader.status(), status);
    reader.on_page(1, std::move(p));
  };
  answer(1, reply(1, {1}));
  answer(5, reply(1, {2}));
  EXPECT_EQ(reader.concluded(), std::nullopt) << "an order may have moved on meanwhile";
  answer(1, reply(1, {1}));
  answer(5, reply(1, {2}));
  EXPECT_EQ(reader.concluded(), conclusion::proven);
  EXPECT_EQ(reader.total(), 2);
}

TEST(reading_by_status, an_order_that_moved_on_between_two_lists_proves_nothing) {
  window_reader reader(hour, {.page_size = 2, .max_orders = 10, .statuses = {1, 5}}, true);
  reader.begin(window_reader::mode::careful);
  for (auto& p : {reply(0, {}), reply(1, {2}), reply(1, {1})}) {
    ASSERT_EQ(reader.next_page(), 1);
    auto copy = p;
    reader.on_page(1, std::move(copy));
  }
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
}

}  // namespace
}  // namespace ordersync::sync::sweep
