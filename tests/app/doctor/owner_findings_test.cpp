#include "app/doctor/owner_findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;

TEST(assess_workers, counts_the_accounts_of_each_daemon) {
  const auto one = assess_workers(
      {{"a", "1f", "north", {}, {}}, {"b", "2e", "south", {}, {}}, {"c", "1f", "north", {}, {}}}, {"a", "b", "c"});
  EXPECT_EQ(one.state, check_state::ok);
  EXPECT_EQ(one.found,
            "2 daemons: 1f on north works 2 accounts, 2e on south works 1 account, and each account has an owner");
}

TEST(assess_workers, names_what_has_no_owner_for_longer_than_a_takeover_and_looks_at_nothing_that_is_not_configured) {
  const auto one = assess_workers(
      {{"a", "1f", "north", {}, {}}, {"b", "", "", {}, 11s}, {"c", "", "", {}, 9s}, {"other", "", "", {}, 11s}},
      {"a", "b", "c", "never seen"});
  EXPECT_EQ(one.state, check_state::warning);
  EXPECT_EQ(one.found, "1 daemon: 1f on north works 1 account, and these have no owner: b, never seen");
  EXPECT_FALSE(one.cure.empty());
}

TEST(assess_workers, names_only_some_of_many) {
  const auto one = assess_workers({{"a", "1f", "north", {}, {}}}, {"a", "b", "c", "d", "e", "f", "g", "h"});
  EXPECT_EQ(one.found, "1 daemon: 1f on north works 1 account, and these have no owner: b, c, d, e, f and 2 more");
}

TEST(assess_workers, finds_nothing_wrong_where_no_daemon_works) {
  for (const auto& one : {assess_workers({}, {"a"}), assess_workers({{"a", "1f", "north", {}, 1h}}, {"a"})}) {
    EXPECT_EQ(one.state, check_state::ok);
    EXPECT_EQ(one.found, "no daemon works; ordersync run starts one");
  }
}

}  // namespace
}  // namespace ordersync::app::doctor
