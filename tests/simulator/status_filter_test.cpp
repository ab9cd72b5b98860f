// --status-misses and --status-lag.
#include "behaving.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace pandapon_sim::testing {
namespace {

std::string with_status(std::int64_t status) {
  return R"("orderStatus":)" + std::to_string(status);
}

std::int64_t sum_of_statuses(world& w, epoch_ms now = noon) {
  std::int64_t sum = 0;
  for (std::int64_t status = 1; status <= 8; ++status) sum += total(w, with_status(status), now);
  return sum;
}

std::int64_t status(const world& w, entry which) {
  return static_cast<std::int64_t>(w.orders.stood(which, w.orders.version(which)).status);
}

TEST(status_misses, leave_orders_out_of_lists_by_status_only) {
  world plain = behaving("", 3000);
  world w = behaving("--status-misses 100", 3000);
  EXPECT_EQ(sum_of_statuses(plain), 3000);
  EXPECT_GT(sum_of_statuses(w), 2600);
  EXPECT_LT(sum_of_statuses(w), 2800);
  EXPECT_EQ(sum_of_statuses(w), sum_of_statuses(w));
  EXPECT_EQ(total(w), 3000);
  EXPECT_EQ(listed(w), listed(plain));
  EXPECT_EQ(truth(w), truth(plain));
}

TEST(status_misses, may_be_all) {
  world w = behaving("--status-misses 1000");
  EXPECT_EQ(sum_of_statuses(w), 0);
  EXPECT_EQ(total(w), 300);
}

TEST(status_misses, are_found_without_a_status_even_where_finished_orders_are_hidden) {
  world hiding = behaving("--hide-finished");
  world w = behaving("--hide-finished --status-misses 1000");
  EXPECT_EQ(listed(w), listed(hiding));
}

TEST(status_lag, a_filter_sees_the_status_of_then_and_the_order_is_served_as_it_is) {
  world w = behaving("--status-lag 10s --open 100 --mutate-open");
  change_one(w, noon);
  change_one(w, noon + 1);
  const event changed = w.orders.events().front();
  const auto before = static_cast<std::int64_t>(w.orders.stood(changed.which, 0).status);
  const std::string number = number_at(w, changed.which);
  const auto found = [&](std::int64_t by, epoch_ms now) {
    return reply_to(w, ask(page_of(look_up(number) + "," + with_status(by))), now);
  };
  EXPECT_EQ(integer(found(before, noon + 9'999), "total"), 1);
  EXPECT_EQ(integer(found(status(w, changed.which), noon + 9'999), "total"), 0);
  const auto served = found(before, noon + 9'999).at("data").as_array()[0].as_object();
  EXPECT_EQ(integer(served, "orderStatus"), status(w, changed.which));
  EXPECT_EQ(integer(found(before, noon + 10'000), "total"), 0);
  EXPECT_EQ(integer(found(status(w, changed.which), noon + 10'000), "total"), 1);
}

TEST(status_lag, goes_back_over_several_changes) {
  world w = behaving("--status-lag 10s --open 100", 1);
  const auto first = status(w, 0);
  for (int i = 0; i < 8; ++i) w.orders.mutate_entry(0, noon + i * 1000);
  EXPECT_EQ(total(w, with_status(first), noon + 9000), 1);
  const auto third = static_cast<std::int64_t>(w.orders.stood(0, 3).status);
  EXPECT_EQ(total(w, with_status(third), noon + 12'500), 1);
  EXPECT_EQ(total(w, with_status(status(w, 0)), noon + 20'000), 1);
}

TEST(status_lag, sees_every_order_in_one_status_new_ones_too) {
  world w = behaving("--status-lag 10s");
  for (int i = 0; i < 50; ++i) change_one(w, noon);
  for (int i = 0; i < 20; ++i) w.orders.add(noon, noon);
  EXPECT_EQ(sum_of_statuses(w, noon + 1), 320);
  EXPECT_EQ(sum_of_statuses(w, noon + 60'000), 320);
}

}  // namespace
}  // namespace pandapon_sim::testing
