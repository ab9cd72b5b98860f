#include "app/doctor/push_findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;

constexpr core::instant now{1'715'054'400'000ms};

check assessed(const store::push::push_figures& push,
               const std::map<std::string, store::push::refusal_figures>& refusals = {}) {
  const auto one = assess_push("main", push, {push.latest_at, refusals}, now);
  EXPECT_EQ(one.cure.empty(), one.state == check_state::ok) << one.found;
  return one;
}

TEST(assess_push, is_content_when_messages_come_and_announce_what_changes) {
  const auto one = assessed({.latest_at = now - 30s, .changes = 100, .unannounced = 3});
  EXPECT_EQ(one.state, check_state::ok);
  EXPECT_EQ(one.found,
            "signatures hold; the latest message came 30 s ago; 3 of 100 changes in the last day came without one");
}

TEST(assess_push, warns_when_none_has_come) {
  EXPECT_EQ(assessed({}).state, check_state::warning);
}

TEST(assess_push, warns_when_none_has_come_for_long_while_orders_changed) {
  EXPECT_EQ(assessed({.latest_at = now - 25h, .changes = 1}).state, check_state::warning);
  EXPECT_EQ(assessed({.latest_at = now - 25h}).state, check_state::ok) << "nothing to announce";
  EXPECT_EQ(assessed({.latest_at = now - 1h, .changes = 30, .unannounced = 20}).state, check_state::warning);
}

TEST(assess_push, warns_when_signatures_do_not_hold) {
  const auto one = assessed({.latest_at = now - 2h}, {{"signature", {7, now - 1h}}});
  EXPECT_EQ(one.state, check_state::warning);
  EXPECT_EQ(one.found,
            "7 messages in the last day had a wrong signature or none, the last 1 h ago; none of any account has been "
            "accepted "
            "since");
  EXPECT_EQ(assessed({.latest_at = now - 1min}, {{"signature", {7, now - 1h}}}).state, check_state::ok)
      << "somebody else's";
}

TEST(assess_push, blames_no_account_for_what_a_stranger_or_another_account_sent) {
  const auto one = assess_push("main", store::push::push_figures{.latest_at = now - 2h},
                               {now - 1min, {{"signature", {7, now - 1h}}}}, now);
  EXPECT_EQ(one.state, check_state::ok) << "the messages of another account are accepted";
  EXPECT_EQ(assessed({.latest_at = now - 2h}, {{"signature", {1, now - 1h}}}).state, check_state::ok);
}

TEST(assess_push, fails_when_the_database_refuses) {
  const auto one = assess_push("main", core::make_error(core::failure::database, "refused"), {}, now);
  EXPECT_EQ(one.state, check_state::failed);
  EXPECT_EQ(one.failing, setup::exit_code::database);
}

}  // namespace
}  // namespace ordersync::app::doctor
