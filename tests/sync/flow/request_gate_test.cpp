// The coroutines that wait for their turn, in real time of a few milliseconds.

#include "sync/flow/request_gate.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ordersync::sync::flow {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct turnstile_test : ::testing::Test {
  asio::io_context io;
  request_gate turns{io.get_executor(), {.per_second = 10'000, .burst = 100, .in_flight = 1}};
  std::vector<std::string> passed;

  // Enters, adds its name, and leaves a turn of the loop later.
  asio::awaitable<void> visit(urgency how, std::string name) {
    auto place = co_await turns.enter(how, name);
    passed.push_back(name);
    co_await asio::post(asio::use_awaitable);
  }
  void send(urgency how, const std::string& name) {
    asio::co_spawn(io, visit(how, name), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
  }
};

TEST_F(turnstile_test, the_more_urgent_goes_first_as_soon_as_there_is_a_place) {
  send(urgency::backfill, "first");
  send(urgency::backfill, "patient");
  send(urgency::live, "urgent");
  io.run();
  EXPECT_EQ(passed, (std::vector<std::string>{"first", "urgent", "patient"}));
}

TEST_F(turnstile_test, whose_work_ends_passes_though_the_gate_is_closed_and_nobody_else_does) {
  turns.allow(0, {});
  send(urgency::live, "ends");
  send(urgency::live, "stays");
  io.poll();
  EXPECT_EQ(passed, std::vector<std::string>{});
  turns.let_go("ends");
  send(urgency::backfill, "ends");
  io.poll();
  EXPECT_EQ(passed, (std::vector<std::string>{"ends", "ends"}));
  turns.welcome("ends");
  send(urgency::live, "ends");
  io.poll();
  EXPECT_EQ(passed.size(), 2U);
  turns.allow(10'000, std::chrono::steady_clock::time_point::max());
  io.run();
  EXPECT_EQ(passed.size(), 4U);
}

TEST_F(turnstile_test, a_place_left_early_is_taken_before_the_visitor_goes_on) {
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        auto place = co_await turns.enter(urgency::live, "early");
        co_await asio::post(asio::use_awaitable);
        place.leave();
        co_await asio::post(asio::use_awaitable);
        passed.emplace_back("early, decoded");
      },
      [](std::exception_ptr e) { EXPECT_FALSE(e); });
  send(urgency::live, "next");
  io.run();
  EXPECT_EQ(passed, (std::vector<std::string>{"next", "early, decoded"}));
}

TEST_F(turnstile_test, whoever_is_cancelled_leaves_the_queue) {
  asio::cancellation_signal cancel;
  bool thrown = false;
  send(urgency::live, "holder");
  asio::co_spawn(io, visit(urgency::live, "cancelled"),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e) { thrown = e != nullptr; }));
  asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
  send(urgency::live, "last");
  io.run();
  EXPECT_TRUE(thrown);
  EXPECT_EQ(passed, (std::vector<std::string>{"holder", "last"}));
}

TEST_F(turnstile_test, a_rate_that_is_used_up_lets_the_next_one_in_later) {
  request_gate slow(io.get_executor(), {.per_second = 200, .burst = 1, .in_flight = 4});
  const auto begun = std::chrono::steady_clock::now();
  const auto enter = [&]() -> asio::awaitable<void> { auto place = co_await slow.enter(urgency::live, "a"); };
  for (int i = 0; i < 3; ++i) asio::co_spawn(io, enter(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
  io.run();
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 10ms);
}

TEST_F(turnstile_test, counts_what_succeeded_by_account) {
  EXPECT_EQ(turns.successes("a"), 0u);
  turns.succeeded("a");
  turns.succeeded("a");
  turns.failed("b");
  EXPECT_EQ(turns.successes("a"), 2u);
  EXPECT_EQ(turns.successes("b"), 0u);
}

}  // namespace
}  // namespace ordersync::sync::flow
