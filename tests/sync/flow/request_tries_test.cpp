#include "sync/flow/request_tries.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::flow {
namespace {

using namespace std::chrono_literals;
using action = next_try::action;
using core::failure;
using core::make_error;

const core::error away = make_error(failure::unreachable, "reset");
const core::error busy = make_error(failure::overloaded, "429");
const core::error nonsense = make_error(failure::unusable_reply, "HTML");

core::error with(core::error why, core::remedy remedy) {
  why.remedy = remedy;
  return why;
}

try_rules few_tries() {
  return {.retries = {.tries = 3, .first_ceiling = 100ms, .last_ceiling = 200ms, .overload_tries = 4}};
}

TEST(request_tries, what_passes_is_sent_again_after_a_wait_until_the_tries_are_used_up) {
  request_tries tries(few_tries());
  auto next = tries.after({.why = away, .random = 50});
  EXPECT_EQ(next.what, action::send);
  EXPECT_EQ(next.attempt, 2);
  EXPECT_EQ(next.wait, 50ms);
  EXPECT_TRUE(next.failure_streak);
  EXPECT_FALSE(next.slow_down);
  next = tries.after({.why = away, .random = 150});
  EXPECT_EQ(next.attempt, 3);
  EXPECT_EQ(next.wait, 150ms);
  next = tries.after({.why = away, .random = 0});
  EXPECT_EQ(next.what, action::give_up);
  EXPECT_TRUE(next.failure_streak);
}

TEST(request_tries, an_overloaded_api_is_slowed_down_for) {
  request_tries tries(few_tries());
  for (int attempt = 2; attempt <= 4; ++attempt) {
    const auto next = tries.after({.why = busy, .random = 1});
    EXPECT_EQ(next.what, action::send);
    EXPECT_EQ(next.attempt, attempt);
    EXPECT_TRUE(next.slow_down);
  }
  const auto last = tries.after({.why = busy, .random = 1});
  EXPECT_EQ(last.what, action::give_up);
  EXPECT_TRUE(last.slow_down) << "for whoever asks next";
  auto told = busy;
  told.retry_after = 3s;
  const auto only = request_tries({.retries = {.tries = 1, .overload_tries = 1}}).after({.why = told, .random = 1});
  EXPECT_EQ(only.what, action::give_up);
  EXPECT_TRUE(only.slow_down);
  EXPECT_EQ(only.wait, 3s);
  EXPECT_FALSE(request_tries(few_tries()).after({.why = busy, .stopping = true}).slow_down);
}

TEST(request_tries, what_only_a_person_can_fix_is_given_up_at_once) {
  for (const auto kind : {failure::refused, failure::untrusted, failure::input}) {
    const auto why = make_error(kind, "");
    EXPECT_EQ(request_tries(few_tries()).after({.why = why}).what, action::give_up) << core::name(kind);
  }
}

TEST(request_tries, a_reply_that_nobody_understands_is_asked_for_again_at_once) {
  request_tries tries(few_tries());
  for (int attempt = 2; attempt <= 3; ++attempt) {
    const auto next = tries.after({.why = nonsense, .random = 99});
    EXPECT_EQ(next.what, action::send);
    EXPECT_EQ(next.attempt, attempt);
    EXPECT_EQ(next.wait, 0ms);
    EXPECT_FALSE(next.failure_streak) << "it says nothing about the account's other requests";
  }
  EXPECT_EQ(tries.after({.why = nonsense}).what, action::give_up);
}

TEST(request_tries, one_that_is_too_large_is_asked_for_once_more) {
  const auto large = with(nonsense, core::remedy::ask_smaller);
  request_tries tries(few_tries());
  EXPECT_EQ(tries.after({.why = large}).what, action::send);
  EXPECT_EQ(tries.after({.why = large}).what, action::give_up);
}

TEST(request_tries, an_unknown_refusal_is_asked_alone_where_the_load_may_be_the_reason) {
  const auto refusal = with(nonsense, core::remedy::ask_less);
  auto rules = few_tries();
  EXPECT_EQ(request_tries(rules).after({.why = refusal, .in_company = true}).what, action::ask_alone);
  EXPECT_EQ(request_tries(rules).after({.why = refusal, .in_company = true}).attempt, 2);
  EXPECT_EQ(request_tries(rules).after({.why = refusal}).what, action::give_up);
  EXPECT_EQ(request_tries(rules).after({.why = refusal, .in_company = true, .stopping = true}).what, action::give_up);
  rules.alone = ask_alone::always;
  EXPECT_EQ(request_tries(rules).after({.why = refusal}).what, action::ask_alone);
  rules.alone = ask_alone::never;
  EXPECT_EQ(request_tries(rules).after({.why = refusal, .in_company = true}).what, action::give_up);
}

TEST(request_tries, a_refusal_that_stays_when_it_is_alone_is_final_and_one_for_the_load_is_waited_for) {
  const auto refusal = with(nonsense, core::remedy::ask_less);
  const auto load = with(busy, core::remedy::ask_less);
  request_tries tries(few_tries());
  EXPECT_EQ(tries.after({.why = load, .asked_alone = true, .random = 1}).what, action::send);
  EXPECT_EQ(tries.after({.why = refusal, .asked_alone = true}).what, action::give_up);
}

TEST(request_tries, nothing_is_sent_again_while_it_stops) {
  EXPECT_EQ(request_tries(few_tries()).after({.why = away, .stopping = true}).what, action::give_up);
  EXPECT_EQ(request_tries(few_tries()).after({.why = nonsense, .stopping = true}).what, action::give_up);
}

TEST(request_tries, a_daemon_gives_up_only_a_request_that_fails_while_others_succeed) {
  auto rules = few_tries();
  rules.retries.outlast = true;
  request_tries all_fail(rules);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(all_fail.after({.why = away, .successes = 7}).what, action::send);
  std::uint64_t successes = 7;
  request_tries alone(rules);
  // The first failure may be the beginning of a time in which all fail.
  for (int i = 0; i < 3; ++i) ASSERT_EQ(alone.after({.why = away, .successes = ++successes}).what, action::send);
  EXPECT_EQ(alone.after({.why = away, .successes = ++successes}).what, action::give_up);
  rules.gives_up_alone = false;
  request_tries stubborn(rules);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(stubborn.after({.why = away, .successes = ++successes}).what, action::send);
}

TEST(request_tries, a_wait_that_is_too_long_is_not_waited_for) {
  auto rules = few_tries();
  rules.longest_wait = 10s;
  auto overloaded = busy;
  overloaded.retry_after = 10s;
  EXPECT_EQ(request_tries(rules).after({.why = overloaded}).what, action::send);
  overloaded.retry_after = 11s;
  const auto next = request_tries(rules).after({.why = overloaded});
  EXPECT_EQ(next.what, action::give_up);
  EXPECT_FALSE(next.slow_down);
}

}  // namespace
}  // namespace ordersync::sync::flow
