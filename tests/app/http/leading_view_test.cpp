#include "app/http/leading_view.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::http {
namespace {

TEST(add_daemon_state, a_daemon_that_leads_knows_better_what_came_of_the_trials) {
  status::status_view view;
  auto& account = view.accounts.emplace_back();
  account.stored.account = "main";
  account.untried = "no order is known";
  daemon::daemon_state state;
  state.accounts.push_back({.name = "main", .prepared = true});
  add_daemon_state(view, state);
  EXPECT_FALSE(view.incomplete);
  state.accounts[0].untried = "the filter fails";
  add_daemon_state(view, state);
  EXPECT_EQ(view.accounts[0].untried, "the filter fails");
  EXPECT_TRUE(view.incomplete);
  state.accounts[0] = {.name = "main"};
  add_daemon_state(view, state);
  EXPECT_TRUE(view.incomplete) << "it knows nothing yet";
}

TEST(add_daemon_state, what_the_rate_cannot_carry_is_said_as_status_says_it) {
  status::status_view view;
  view.demand.live = 20;
  view.overload = "needs 20 requests a second";
  daemon::daemon_state state;
  state.demand = sync::schedule::demand{.rate = 5, .live = 30};
  add_daemon_state(view, state);
  EXPECT_EQ(view.overload, "needs 20 requests a second");
  EXPECT_DOUBLE_EQ(view.demand.live, 20);
}

}  // namespace
}  // namespace ordersync::app::http
