#include "app/daemon/trial_watch.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::daemon {
namespace {

struct watched_trials : ::testing::Test {
  trial_watch watch;

  void event(std::string_view event, std::string_view account, std::string_view reason = "") {
    watch.event(core::severity::warning, event, {{"account", account}, {"reason", reason}});
  }
  std::string reason_of(std::string account, std::string known = {}) const {
    daemon_state state;
    state.accounts.push_back({.name = std::move(account), .untried = std::move(known)});
    watch.add_to(state);
    return state.accounts[0].untried;
  }
};

TEST_F(watched_trials, are_incomplete_until_one_was_not) {
  EXPECT_EQ(reason_of("main"), "");
  event("api_trial_incomplete", "main", "no order is known");
  EXPECT_EQ(reason_of("main"), "no order is known");
  EXPECT_EQ(reason_of("other"), "");
  EXPECT_EQ(reason_of("main", "the filter fails"), "the filter fails") << "what the account knows comes first";
  event("window_gap", "main");
  EXPECT_EQ(reason_of("main"), "no order is known");
  event("api_tried", "main");
  EXPECT_EQ(reason_of("main"), "");
}

TEST_F(watched_trials, are_forgotten_when_an_account_begins_anew) {
  event("api_trial_incomplete", "main", "no order is known");
  event("account_ready", "main");
  EXPECT_EQ(reason_of("main"), "");
}

}  // namespace
}  // namespace ordersync::app::daemon
