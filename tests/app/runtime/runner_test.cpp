// Real signals, raised in this process: each test runs in a process of its own.
#include "app/runtime/runner.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>

namespace ordersync::app::runtime {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Ends when it is asked to.
class work {
 public:
  explicit work(runner& of) : end_(of.io(), 1h) {}
  asio::awaitable<int> until_ended(
      int value, std::function<void()> first = [] {}) {
    first();
    co_await end_.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return value;
  }
  void end() { end_.expires_at(std::chrono::steady_clock::time_point::min()); }

 private:
  asio::steady_timer end_;
};

TEST(runner, gives_what_the_task_returns_and_throws_what_it_throws) {
  runner r;
  const auto seven = []() -> asio::awaitable<int> { co_return 7; };
  const auto throws = []() -> asio::awaitable<int> {
    throw std::runtime_error("broken");
    co_return 0;
  };
  EXPECT_EQ(r.run(seven(), {}), 7);
  EXPECT_THROW(r.run(throws(), {}), std::runtime_error);
  EXPECT_EQ(r.run(seven(), {}), 7) << "and can run another one";
  EXPECT_FALSE(r.interrupted());
}

TEST(runner, a_signal_asks_the_task_to_end_and_the_next_task_at_once) {
  for (const int number : {SIGTERM, SIGINT}) {
    runner r;
    work task(r);
    EXPECT_EQ(r.run(task.until_ended(3, [number] { std::raise(number); }), {.soon = [&] { task.end(); }}), 3);
    EXPECT_TRUE(r.interrupted());
    work next(r);
    EXPECT_EQ(r.run(next.until_ended(4), {.soon = [&] { next.end(); }}), 4);
  }
}

TEST(runner, what_still_runs_seconds_later_is_given_up) {
  runner r;
  work task(r);
  bool soon = false;
  EXPECT_EQ(r.run(task.until_ended(5, [] { std::raise(SIGTERM); }),
                  {.soon = [&] { soon = true; }, .now = [&] { task.end(); }}),
            5);
  EXPECT_TRUE(soon);
}

TEST(runner, a_second_signal_ends_the_process_with_its_number) {
  const auto twice = [] {
    runner r;
    work task(r);
    r.run(task.until_ended(0, [] { std::raise(SIGINT); }), {.soon = [] { std::raise(SIGTERM); }});
  };
  EXPECT_EXIT(twice(), ::testing::ExitedWithCode(128 + SIGTERM), "");
}

TEST(runner, hears_each_hangup_where_somebody_wants_to) {
  runner r;
  work task(r);
  int reloads = 0;
  const auto reload = [&] {
    if (++reloads == 3)
      task.end();
    else
      std::raise(SIGHUP);
  };
  r.run(task.until_ended(0, [] { std::raise(SIGHUP); }), {.reload = reload});
  EXPECT_EQ(reloads, 3);
  EXPECT_FALSE(r.interrupted());
}

}  // namespace
}  // namespace ordersync::app::runtime
