#include "pandapon/reply/trusted_time.hpp"

#include <gtest/gtest.h>

namespace ordersync::pandapon::reply {
namespace {

using namespace std::chrono_literals;

constexpr core::second here{1'715'046'720s};
constexpr core::instant local = here + 999ms;

TEST(trusted_time, without_a_date_it_is_the_local_clock) {
  EXPECT_EQ(trusted_time_of(std::nullopt, local).server_time, here);
  EXPECT_EQ(trusted_time_of(std::nullopt, local).date_off, std::nullopt);
}

TEST(trusted_time, is_the_earlier_one_of_two_clocks_that_agree) {
  for (const auto off : {0s, 1s, 119s, 600s, 660s}) {
    const auto behind = trusted_time_of(here - off, local);
    EXPECT_EQ(behind.server_time, here - off);
    EXPECT_EQ(behind.date_off, std::nullopt);
    const auto ahead = trusted_time_of(here + off, local);
    EXPECT_EQ(ahead.server_time, here);
    EXPECT_EQ(ahead.date_off, std::nullopt);
  }
}

TEST(trusted_time, a_date_that_an_accepted_request_contradicts_is_reported_and_not_trusted) {
  for (const auto off : std::initializer_list<std::chrono::seconds>{661s, -661s, 8h, -8h, -20 * 365 * 24h}) {
    const auto made = trusted_time_of(here + off, local);
    EXPECT_EQ(made.server_time, here) << off.count();
    EXPECT_EQ(made.date_off, off);
  }
}

}  // namespace
}  // namespace ordersync::pandapon::reply
