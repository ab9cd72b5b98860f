#include "app/http/readiness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::app::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using namespace std::chrono_literals;

daemon::daemon_state well() {
  daemon::daemon_state state;
  state.database = core::result<void>{};
  state.leads = true;
  state.works = true;
  state.epoch = 3;
  state.worked_for = 1h;
  state.success_timeout = 60s;
  state.accounts.push_back({.name = "main", .prepared = true, .since_success = 2s});
  return state;
}

struct ready : testing::Test {
  readiness one;
  std::string text(const daemon::daemon_state& state) const { return text_of(one.check(state)); }
  bool passes(const daemon::daemon_state& state) const { return all_passed(one.check(state)); }
};

TEST_F(ready, is_a_leader_whose_accounts_succeed) {
  EXPECT_TRUE(passes(well()));
  EXPECT_EQ(text(well()),
            "database: ok\nschema: ok\nleader: ok: this daemon, in epoch 3\naccount main: ok: last success 2 s ago\n");
}

TEST_F(ready, is_a_standby_that_sees_a_leader) {
  auto state = well();
  state.leads = false;
  state.works = false;
  state.accounts.clear();
  EXPECT_FALSE(passes(state));
  EXPECT_THAT(text(state), HasSubstr("leader: failed: no daemon has led yet"));
  state.leader = daemon::leader_seen{{{"abc", "host", 1, "0"}, 3, {}, {}}, 500ms};
  EXPECT_TRUE(passes(state));
  EXPECT_THAT(text(state), HasSubstr("leader: ok: abc on host; this daemon stands by"));
  state.leader->silent_for = 21s;
  EXPECT_THAT(text(state), HasSubstr("leader: failed: abc on host has not reported for 21 s"));
}

TEST_F(ready, is_nobody_without_a_database) {
  auto state = well();
  state.database = core::make_error(core::failure::database_down, "no connection to the database");
  EXPECT_FALSE(passes(state));
  EXPECT_THAT(text(state),
              AllOf(HasSubstr("database: failed: no connection to the database; check that PostgreSQL runs"),
                    Not(HasSubstr("account"))));
  state.database.reset();
  EXPECT_THAT(text(state), HasSubstr("database: failed: not reached yet"));
}

TEST_F(ready, is_nobody_while_the_schema_changes) {
  auto state = well();
  state.leads = false;
  state.works = false;
  state.preparing = true;
  EXPECT_FALSE(passes(state));
  EXPECT_THAT(text(state), HasSubstr("schema: failed: being upgraded; wait"));
}

TEST_F(ready, is_no_account_that_has_not_succeeded_for_too_long) {
  auto state = well();
  state.accounts.front().since_success = 61s;
  one.request({.account = "main", .outcome = "refused"});
  EXPECT_FALSE(passes(state));
  EXPECT_THAT(text(state), HasSubstr("account main: failed: no window proven for 61 s; last request: refused; "
                                     "the API refuses the credentials"));
  state.accounts.front().since_success.reset();
  state.worked_for = 4s;
  one.request({.account = "main", .outcome = "unreachable"});
  EXPECT_FALSE(passes(state));
  EXPECT_THAT(text(state),
              HasSubstr("no window proven since this daemon began to work, 4 s; last request: unreachable"));
}

TEST_F(ready, is_no_account_whose_api_could_not_be_tried_and_the_reason_is_shown) {
  auto state = well();
  state.accounts.front().since_success = 61s;
  state.accounts.front().untried = "no order is known";
  one.request({.account = "main", .outcome = "ok"});
  EXPECT_THAT(text(state), HasSubstr("the test of the API is incomplete: no order is known"));
  one.request({.account = "main", .outcome = "refused"});
  EXPECT_THAT(text(state), HasSubstr("the API refuses the credentials"));
}

TEST(life, is_a_loop_that_looks) {
  daemon::daemon_state state;
  state.since_look = 44s;
  EXPECT_TRUE(check_life(state).passed);
  state.since_look = 46s;
  EXPECT_FALSE(check_life(state).passed);
  EXPECT_THAT(check_life(state).what, AllOf(HasSubstr("46 s"), HasSubstr("restart")));
}

}  // namespace
}  // namespace ordersync::app::http
