// Which of many accounts needs a look first.
#include "app/status/standing.hpp"

#include "app/status/assessed.hpp"

#include <gmock/gmock.h>

namespace ordersync::app::status {
namespace {

using ::testing::ElementsAre;

struct many_accounts : assessed {
  account_view& add(const std::string& name, core::second through) {
    auto account = view.accounts[0];
    account.stored.account = name;
    account.complete = tasks::completeness_of({{start, through}}, start, now, 10s);
    view.accounts.push_back(account);
    return view.accounts.back();
  }
  std::vector<std::string> order() {
    assess_standings(seen, view);
    std::vector<std::string> names;
    for (const auto place : worst_first(view)) names.push_back(view.accounts[place].stored.account);
    return names;
  }
};

TEST_F(many_accounts, come_failing_ones_first_then_those_that_are_the_farthest_behind) {
  add("late", now - 1h);
  add("later", now - 2h);
  add("in doubt", now - 1s).stored.open_contradictions = 1;
  add("fine", now - 5s);
  add("gone", now - 3h).configured = false;
  EXPECT_THAT(order(), ElementsAre("in doubt", "later", "late", "main", "fine", "gone"));
  const auto counts = count_standings(view);
  EXPECT_EQ(counts.configured, 5U);
  EXPECT_EQ(counts.current, 2U);
  EXPECT_EQ(counts.behind, 2U);
  EXPECT_EQ(counts.failing, 1U);
}

TEST_F(many_accounts, fail_when_the_api_fails_them) {
  add("other", now - 1s);
  api("refused", 3);
  EXPECT_THAT(order(), ElementsAre("main", "other"));
  EXPECT_EQ(view.accounts[0].stands, standing::failing);
  EXPECT_EQ(view.accounts[1].stands, standing::current);
}

TEST_F(many_accounts, of_which_nothing_is_proven_are_the_farthest_behind) {
  add("late", now - 90h);
  add("new", start).complete = tasks::completeness_of({}, start, now, 10s);
  EXPECT_THAT(order(), ElementsAre("new", "late", "main"));
}

}  // namespace
}  // namespace ordersync::app::status
