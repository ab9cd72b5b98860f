// Requests behind a real gate, over replies that the test hands out, in real time of a few milliseconds.

#include "sync/flow/gated_requests.hpp"

#include "support/recorded_log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>

namespace ordersync::sync::flow {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct gated : ::testing::Test {
  asio::io_context io;
  test_support::recorded_log log;
  request_gate turns{io.get_executor(), {.per_second = 1000, .burst = 10, .in_flight = 1, .quiet = 1ms}};
  gated_requests::rules rules{
      .tries = {.retries = {.tries = 3, .first_ceiling = 1ms, .last_ceiling = 1ms, .overload_tries = 3}}};
  std::deque<core::result<int>> replies;
  std::function<void()> when_asked = [] {};
  std::optional<gated_requests> requests;
  std::optional<core::result<int>> reply;

  void SetUp() override { make(&log); }
  void make(core::log* to) {
    requests.emplace(gated_requests::dependencies{turns, to, [] { return 1; }}, rules);
  }

  asio::awaitable<core::result<int>> answer() {
    when_asked();
    auto next = std::move(replies.front());
    replies.pop_front();
    co_return next;
  }
  core::result<int> send(request_label label = {.account = "main"}) {
    gated_requests::send_once<int> once = [this](auto, auto) { return answer(); };
    asio::co_spawn(io, requests->send(std::move(once), std::move(label)),
                   [this](const std::exception_ptr& thrown, core::result<int> outcome) {
                     if (thrown) std::rethrow_exception(thrown);
                     reply.emplace(std::move(outcome));
                   });
    io.restart();
    io.run();
    return reply.value();
  }
};

const core::error away = core::make_error(core::failure::unreachable, "reset");

TEST_F(gated, a_request_is_tried_again_and_every_retry_and_the_end_of_the_failures_are_logged) {
  replies = {away, core::make_error(core::failure::overloaded, "429"), 17};
  request_label label{.account = "main", .page = 2};
  label.range = {core::second{0s}, core::second{1s}};
  EXPECT_EQ(send(label).value(), 17);
  EXPECT_EQ(requests->calls(), 3);
  EXPECT_THAT(
      log.lines(),
      ElementsAre("warning request_retry account=main range=1970-01-01T00:00:00Z/1970-01-01T00:00:01Z page=2 "
                  "attempt=2 wait=0.001 failure=unreachable reason=reset",
                  StartsWith("warning request_retry account=main range=1970-01-01T00:00:00Z/1970-01-01T00:00:01Z "
                             "page=2 attempt=3 wait=0.001 failure=overloaded"),
                  StartsWith("info api_back account=main attempts=2 lasted=")));
  EXPECT_TRUE(turns.load().found_per_second.has_value()) << "the API was slowed down for";
}

TEST_F(gated, it_gives_up_after_its_tries_with_the_last_failure) {
  replies = {away, away, core::make_error(core::failure::unreachable, "the last")};
  EXPECT_EQ(send().error().what, "the last");
  EXPECT_EQ(log.count("request_retry"), 2);
  EXPECT_EQ(turns.successes("main"), 0U);
}

TEST_F(gated, without_a_log_it_is_silent) {
  make(nullptr);
  replies = {away, 17};
  EXPECT_EQ(send().value(), 17);
  EXPECT_TRUE(log.lines().empty());
}

TEST_F(gated, a_refusal_that_goes_when_it_is_alone_was_for_the_load) {
  rules.tries.alone = ask_alone::always;
  make(&log);
  auto refusal = core::make_error(core::failure::unusable_reply, "code 40010");
  refusal.remedy = core::remedy::ask_less;
  replies = {refusal, 17};
  EXPECT_EQ(send().value(), 17);
  EXPECT_THAT(log.lines(), ElementsAre(HasSubstr("request_retry account=main")));
  EXPECT_TRUE(turns.load().found_per_second.has_value());
}

TEST_F(gated, stopping_ends_a_wait_and_sends_nothing_more) {
  rules.tries.retries.first_ceiling = rules.tries.retries.last_ceiling = 1h;
  requests.emplace(gated_requests::dependencies{turns, &log, [] { return std::uint64_t{3'600'000}; }}, rules);
  replies = {away, 17};
  // The wait begins with the line about it.
  std::function<void()> stop_then = [&] {
    if (log.count("request_retry") == 0) return asio::post(io, stop_then);
    requests->stop();
  };
  asio::post(io, stop_then);
  EXPECT_EQ(send().error().kind, core::failure::unreachable);
  EXPECT_EQ(requests->calls(), 1);
}

TEST_F(gated, the_next_request_may_leave_before_the_reply_is_decoded) {
  gated_requests::send_once<int> first = [&](auto,
                                             std::function<void()> received) -> asio::awaitable<core::result<int>> {
    received();
    asio::steady_timer decoding(io, 1h);
    when_asked = [&] { decoding.cancel(); };
    boost::system::error_code ended;
    co_await decoding.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    co_return 1;
  };
  replies = {2};
  asio::co_spawn(io, requests->send(std::move(first), {.account = "main"}), [](auto&&...) {});
  EXPECT_EQ(send().value(), 2) << "there is one place in flight";
}

}  // namespace
}  // namespace ordersync::sync::flow
