// What sync.rate cannot carry, in words.
#include "app/setup/demand.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::setup {
namespace {

using namespace std::chrono_literals;

config::settings settings_for(std::size_t accounts) {
  config::settings settings;
  settings.accounts.resize(accounts);
  settings.sync.rate = 10;
  settings.sync.live.every = 10s;
  return settings;
}

config::settings usual_settings_for(std::size_t accounts) {
  auto settings = settings_for(accounts);
  settings.sync.revisit = {{2h, 1min}, {72h, 15min}, {720h, 6h}, {4320h, 168h}};
  settings.sync.recheck.share = 0.3;
  settings.sync.audit = 0.02;
  return settings;
}

TEST(overload_of, says_how_often_accounts_are_read_that_the_rate_does_not_carry) {
  EXPECT_EQ(overload_of(settings_for(100)), "");
  EXPECT_EQ(overload_of(settings_for(200)),
            "200 accounts, live every 10 s need 20 requests a second; rate is 10: each account is read every 20 s");
}

TEST(overload_of, counts_what_the_others_have_of_the_rate) {
  EXPECT_EQ(overload_of(usual_settings_for(1)), "");
  EXPECT_EQ(overload_of(usual_settings_for(20)), "");
  EXPECT_EQ(overload_of(usual_settings_for(200)),
            "200 accounts, live every 10 s need 20 requests a second; rate is 10, 0.87 of it for revisits, checks by "
            "counts, audits: each account is read every 22 s, and older orders are read again 68 times as seldom as "
            "sync.revisit says");
}

TEST(overload_of, says_where_revisits_alone_come_late) {
  EXPECT_EQ(overload_of(usual_settings_for(40)),
            "40 accounts, live every 10 s need 4 requests a second, revisits 8.49, checks by counts up to 3; rate is "
            "10: older orders are read again 2 times as seldom as sync.revisit says");
}

TEST(overload_of, counts_what_a_live_window_was_seen_to_cost_and_what_the_api_was_found_to_allow) {
  EXPECT_EQ(overload_of(settings_for(100), {.live_requests = 1.5, .rate_found = 5}),
            "100 accounts, live every 10 s with 1.5 requests each need 15 requests a second; rate is 5, as the API was "
            "found to allow: each account is read every 30 s");
  EXPECT_EQ(overload_of(settings_for(100), {.live_requests = 1, .rate_found = 12}), "");
}

}  // namespace
}  // namespace ordersync::app::setup
