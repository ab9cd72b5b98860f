#include "detail/life.hpp"

#include "simulator/asking.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace pandapon_sim::testing {
namespace {

constexpr epoch_ms day = 24 * 3'600'000;

recipe of_the_past() {
  recipe from;
  from.past = 1000;
  return from;
}

TEST(life, goes_from_step_to_step_in_order) {
  for (std::uint32_t serial = 0; serial < 1000; ++serial) {
    const life l = live(of_the_past(), {noon, serial, 0, 2}, {});
    epoch_ms last = noon + 2000;
    EXPECT_EQ(l.created, last);
    for (const auto& at : {l.paid, l.shipped, l.all_shipped, l.received, l.confirmed, l.completed}) {
      if (!at) continue;
      EXPECT_GE(*at, last);
      last = *at;
    }
    EXPECT_EQ(l.modified, std::max(last, l.closed.value_or(0)));
  }
}

TEST(life, of_an_order_of_the_past_has_happened_by_its_end) {
  recipe from = of_the_past();
  from.until = noon + 3'600'000;
  for (std::uint32_t serial = 0; serial < 1000; ++serial) {
    const life l = live(from, {noon, serial, 0, 0}, {});
    EXPECT_LE(l.modified, from.until);
    EXPECT_GE(l.modified, noon);
  }
}

TEST(life, of_an_order_that_came_later_is_not_ahead_of_it) {
  for (std::uint32_t serial = 1000; serial < 1200; ++serial)
    EXPECT_LE(live(of_the_past(), {noon, serial, 0, 0}, {}).modified, noon + 5'000);
}

TEST(life, takes_the_times_of_its_steps_from_the_log) {
  const recipe from = of_the_past();
  for (std::uint32_t serial = 0; serial < 200; ++serial) {
    const std::vector<epoch_ms> steps{noon + 30 * day, noon + 31 * day, noon + 32 * day};
    const life l = live(from, {noon, serial, 3, 0}, steps);
    const std::vector<standing> all = stages(from, serial, 3);
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (all[i - 1].status == order_status::wait_seller_send && all[i].status == order_status::wait_buyer_receive) {
        EXPECT_EQ(l.shipped, steps[i - 1]);
      }
      if (all[i - 1].status == order_status::confirm_goods) {
        EXPECT_EQ(l.completed, steps[i - 1]);
      }
    }
    EXPECT_EQ(l.now.status, all.back().status);
    EXPECT_EQ(l.modified, noon + 32 * day);
  }
}

TEST(life, has_a_refund_where_the_list_has_an_amount) {
  for (std::uint32_t serial = 0; serial < 1000; ++serial) {
    const life l = live(of_the_past(), {noon, serial, 0, 0}, {});
    EXPECT_EQ(l.refund_asked.has_value(), l.now.refunded_fen != 0);
  }
}

}  // namespace
}  // namespace pandapon_sim::testing
