// Which accounts a worker takes and hands over.

#include "sync/sharing/lease_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace ordersync::sync::sharing {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{1h};

struct lease_plan_of : ::testing::Test {
  view seen;
  worker_watch watch;
  std::set<std::string> leaving;

  void worker_with(const std::string& id, std::vector<std::string> accounts) {
    seen.workers.push_back({id, "beat of " + id, true, std::move(accounts)});
  }
  void owned(const std::string& account, const std::string& owner) {
    seen.leases.push_back({account, "key", owner, 1});
  }
  lease_plan plan(const std::string& self, time_point at = start) {
    seen.begun = seen.ended = at;
    watch.saw(seen);
    return plan_leases(self, seen, watch, leaving);
  }
  static std::string names(const std::vector<lease>& list) {
    std::string text;
    for (const auto& each : list) text += each.account + " ";
    return text;
  }
  static std::string names(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& each : list) text += each + " ";
    return text;
  }
};

TEST_F(lease_plan_of, one_alone_takes_all) {
  worker_with("a", {"1", "2", "3"});
  for (const auto* account : {"1", "2", "3"}) owned(account, "");
  EXPECT_EQ(names(plan("a").take), "1 2 3 ");
}

TEST_F(lease_plan_of, two_take_different_ones_equally_many) {
  for (const auto* id : {"a", "b"}) worker_with(id, {"1", "2", "3", "4"});
  for (const auto* account : {"1", "2", "3", "4"}) owned(account, "");
  EXPECT_EQ(names(plan("a").take), "1 3 ");
  EXPECT_EQ(names(plan("b").take), "2 4 ");
}

TEST_F(lease_plan_of, who_holds_two_more_than_another_hands_over_and_nobody_else) {
  for (const auto* id : {"a", "b", "c"}) worker_with(id, {"1", "2", "3", "4", "5"});
  for (const auto* account : {"1", "2", "3"}) owned(account, "a");
  for (const auto* account : {"4", "5"}) owned(account, "b");
  EXPECT_EQ(names(plan("a").hand_over), "1 ");
  EXPECT_EQ(names(plan("b").hand_over), "");
  EXPECT_EQ(names(plan("c").take), "");
}

TEST_F(lease_plan_of, what_is_being_handed_over_is_neither_counted_nor_taken_back) {
  for (const auto* id : {"a", "b"}) worker_with(id, {"1", "2", "3", "4"});
  for (const auto* account : {"1", "2", "3", "4"}) owned(account, "a");
  leaving = {"1", "2"};
  const auto again = plan("a");
  EXPECT_EQ(names(again.hand_over), "");
  EXPECT_EQ(names(again.take), "");
}

TEST_F(lease_plan_of, an_account_goes_only_to_whoever_has_it) {
  worker_with("a", {"1"});
  worker_with("b", {"1", "2", "3"});
  for (const auto* account : {"1", "2", "3", "4"}) owned(account, "");
  EXPECT_EQ(names(plan("a").take), "1 ");
  EXPECT_EQ(names(plan("b").take), "2 3 ");
}

TEST_F(lease_plan_of, a_silent_owner_keeps_its_accounts_until_it_is_lost) {
  for (const auto* id : {"a", "b"}) worker_with(id, {"1"});
  owned("1", "b");
  EXPECT_EQ(names(plan("a").take), "");
  EXPECT_EQ(names(plan("a", start + lost_with_session - 1ms).take), "");
  EXPECT_EQ(names(plan("a", start + lost_with_session).take), "1 ");
}

TEST_F(lease_plan_of, an_owner_without_a_session_is_lost_sooner_unless_it_comes_back) {
  for (const auto* id : {"a", "b"}) worker_with(id, {"1"});
  owned("1", "b");
  seen.workers[1].connected = false;
  plan("a");
  auto back = seen;
  EXPECT_EQ(names(plan("a", start + lost_without_session).take), "1 ");
  back.workers[1].connected = true;
  seen = back;
  EXPECT_EQ(names(plan("a", start + lost_without_session + 500ms).take), "");
}

TEST_F(lease_plan_of, that_the_session_of_a_silent_owner_ends_keeps_its_accounts_no_longer) {
  for (const auto* id : {"a", "b"}) worker_with(id, {"1"});
  owned("1", "b");
  for (auto at = start; at < start + lost_with_session - 1s; at += 500ms) EXPECT_EQ(names(plan("a", at).take), "");
  seen.workers[1].connected = false;
  EXPECT_EQ(names(plan("a", start + lost_with_session - 1s).take), "");
  EXPECT_EQ(names(plan("a", start + lost_with_session).take), "1 ");
}

TEST_F(lease_plan_of, an_owner_whose_session_ended_while_nobody_looked_has_time_to_come_back) {
  for (const auto* id : {"a", "b"}) worker_with(id, {"1"});
  owned("1", "b");
  plan("a");
  seen.workers[1].connected = false;
  EXPECT_EQ(names(plan("a", start + 20s).take), "");
  EXPECT_EQ(names(plan("a", start + 20s + lost_without_session).take), "1 ");
}

TEST_F(lease_plan_of, who_stops_and_takes_no_more_is_not_waited_for) {
  worker_with("a", {});
  worker_with("b", {"1", "2", "3"});
  owned("1", "a");
  for (const auto* account : {"2", "3"}) owned(account, "");
  EXPECT_EQ(names(plan("b").take), "2 3 ");
}

TEST_F(lease_plan_of, an_owner_in_no_row_has_ended_long_ago) {
  worker_with("a", {"1"});
  owned("1", "gone");
  EXPECT_EQ(names(plan("a").take), "1 ");
}

TEST_F(lease_plan_of, what_nobody_takes_in_time_anybody_takes) {
  for (const auto* id : {"a", "b"}) worker_with(id, {"1", "2"});
  owned("1", "a");
  owned("2", "");
  EXPECT_EQ(names(plan("a").take), "");
  EXPECT_EQ(names(plan("a", start + anybodys).take), "2 ");
}

}  // namespace
}  // namespace ordersync::sync::sharing
