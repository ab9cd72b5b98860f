#include "sync/flow/retry.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::flow {
namespace {

using namespace std::chrono_literals;
using core::failure;
using core::make_error;

constexpr std::uint64_t huge = 0xffff'ffff'ffff'ffff;

TEST(retry, waits_from_zero_to_a_doubling_ceiling) {
  retry tries({});
  for (const auto ceiling : {250ms, 500ms, 1000ms, 2000ms, 4000ms, 8000ms, 15000ms}) {
    const auto wait = tries.after(make_error(failure::unreachable, ""), huge);
    ASSERT_TRUE(wait.has_value());
    EXPECT_LE(*wait, ceiling);
  }
  EXPECT_EQ(tries.after(make_error(failure::unreachable, ""), huge), std::nullopt);
}

TEST(retry, uses_the_whole_span) {
  EXPECT_EQ(retry({}).after(make_error(failure::unreachable, ""), 0), 0ms);
  EXPECT_EQ(retry({}).after(make_error(failure::unreachable, ""), 250), 250ms);
}

TEST(retry, never_sends_again_what_only_a_person_can_mend) {
  for (const auto kind :
       {failure::refused, failure::unusable_reply, failure::database, failure::input, failure::defect})
    EXPECT_EQ(retry({}).after(make_error(kind, ""), 1), std::nullopt) << core::name(kind);
}

TEST(retry, waits_at_least_as_long_as_the_api_asks) {
  auto overloaded = make_error(failure::overloaded, "");
  overloaded.retry_after = 7s;
  EXPECT_EQ(retry({}).after(overloaded, 3), 7s);
}

TEST(retry, tries_an_overloaded_api_more_often) {
  retry tries({});
  for (int i = 0; i < 59; ++i) ASSERT_TRUE(tries.after(make_error(failure::overloaded, ""), 1).has_value());
  EXPECT_EQ(tries.after(make_error(failure::overloaded, ""), 1), std::nullopt);
  EXPECT_EQ(tries.failed_tries(), 60);
}

retry_rules of_a_daemon() {
  return {.tries = 3, .last_ceiling = 5s, .outlast = true};
}

TEST(retry, outlasts_whatever_keeps_the_whole_account_from_succeeding) {
  retry tries(of_a_daemon());
  for (int i = 0; i < 1000; ++i) {
    const auto wait = tries.after(make_error(failure::unreachable, ""), huge - static_cast<std::uint64_t>(i), false);
    ASSERT_TRUE(wait.has_value());
    ASSERT_LE(*wait, 5s);
  }
  ASSERT_TRUE(tries.after(make_error(failure::refused, ""), 1, false).has_value());
  ASSERT_TRUE(tries.after(make_error(failure::untrusted, ""), 1, false).has_value());
  EXPECT_EQ(tries.failed_tries(), 1002);
}

TEST(retry, gives_up_a_request_that_fails_while_others_of_the_account_succeed) {
  retry tries(of_a_daemon());
  ASSERT_TRUE(tries.after(make_error(failure::unreachable, ""), 1, true).has_value());
  ASSERT_TRUE(tries.after(make_error(failure::unreachable, ""), 1, false).has_value());
  ASSERT_TRUE(tries.after(make_error(failure::unreachable, ""), 1, true).has_value());
  EXPECT_EQ(tries.after(make_error(failure::unreachable, ""), 1, true), std::nullopt);
  EXPECT_EQ(retry(of_a_daemon()).after(make_error(failure::refused, ""), 1, true), std::nullopt);
  EXPECT_EQ(retry(of_a_daemon()).after(make_error(failure::unusable_reply, ""), 1, false), std::nullopt);
}

}  // namespace
}  // namespace ordersync::sync::flow
