#include "sync/evidence/in_window.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::evidence {
namespace {

using namespace std::chrono_literals;

const core::window hour{core::second{1'714'500'000s}, core::second{1'714'503'600s}};

core::order at(core::instant created, std::optional<core::instant> tb_created = {}) {
  core::order order;
  order.created_at = created;
  order.tb_created_at = tb_created;
  return order;
}

TEST(in_window, an_order_is_in_a_range_by_either_of_its_times_within_a_minute) {
  EXPECT_TRUE(in_window(hour, at(hour.begin - 60s)));
  EXPECT_FALSE(in_window(hour, at(hour.begin - 61s)));
  EXPECT_TRUE(in_window(hour, at(hour.end + 59s)));
  EXPECT_FALSE(in_window(hour, at(hour.end + 60s)));
  EXPECT_TRUE(in_window(hour, at(hour.begin - 24h, hour.begin)));
  EXPECT_TRUE(in_window(hour, core::order{})) << "without a time nothing speaks against it";
}

TEST(in_window, the_shift_that_fits_is_the_smallest_multiple_of_a_quarter_of_an_hour) {
  for (const auto shift : {15min, 30min, 60min, -30min, -60min, 480min, -480min}) {
    // An API whose clock is ahead shows what is earlier.
    EXPECT_EQ(fitting_shift(hour, {at(hour.begin - shift), at(hour.end - shift - 1s)}), shift) << shift.count();
  }
  EXPECT_EQ(fitting_shift(hour, {at(hour.begin + 1s)}), 0s);
  EXPECT_EQ(fitting_shift(hour, {at(hour.begin - 24h * 365), at(hour.end)}), std::nullopt) << "no zone explains it";
}

TEST(in_window, the_reason_names_the_zone_that_would_fit) {
  const auto reason = outside_reason(hour, {at(hour.begin - 30min)}, 8h);
  EXPECT_NE(reason.find("api.time_zone (+08:00): set it to +08:30"), std::string::npos) << reason;
  EXPECT_EQ(outside_reason(hour, {at(hour.begin)}, 8h), "");
  EXPECT_NE(outside_reason(hour, {at(hour.begin - 24h * 30)}, 8h).find("does not filter"), std::string::npos);
  EXPECT_EQ(zone_text(-5h - 30min), "-05:30");
}

}  // namespace
}  // namespace ordersync::sync::evidence
