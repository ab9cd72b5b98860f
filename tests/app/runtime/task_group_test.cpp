#include "app/runtime/task_group.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <stdexcept>

namespace ordersync::app::runtime {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> nothing() {
  co_return;
}

asio::awaitable<void> fails(const char* why) {
  throw std::runtime_error(why);
  co_return;
}

struct task_group_test : ::testing::Test {
  asio::io_context io;
  int ends = 0;
  task_group tasks{io.get_executor(), [this] { ++ends; }};
};

TEST_F(task_group_test, is_empty_when_all_have_ended_and_hears_of_each_end) {
  EXPECT_TRUE(tasks.empty());
  tasks.spawn(nothing());
  tasks.spawn(nothing());
  EXPECT_FALSE(tasks.empty());
  io.run();
  EXPECT_TRUE(tasks.empty());
  EXPECT_EQ(ends, 2);
  EXPECT_FALSE(tasks.broken());
  EXPECT_NO_THROW(tasks.rethrow());
}

TEST_F(task_group_test, keeps_the_first_defect_until_it_is_taken_and_runs_the_others) {
  tasks.spawn(fails("first"));
  tasks.spawn(fails("second"));
  tasks.spawn(nothing());
  io.run();
  EXPECT_EQ(ends, 3);
  EXPECT_TRUE(tasks.broken());
  try {
    tasks.rethrow();
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "first");
  }
  EXPECT_FALSE(tasks.broken());
  EXPECT_NO_THROW(tasks.rethrow());
}

TEST_F(task_group_test, a_task_is_cancelled_by_its_slot) {
  asio::cancellation_signal stop;
  bool cancelled = false;
  const auto waits = [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(io, 1h);
    try {
      co_await timer.async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error& e) {
      cancelled = e.code() == asio::error::operation_aborted;
    }
  };
  tasks.spawn(waits(), stop.slot());
  asio::post(io, [&] { stop.emit(asio::cancellation_type::terminal); });
  io.run();
  EXPECT_TRUE(cancelled);
  EXPECT_TRUE(tasks.empty());
}

TEST_F(task_group_test, a_task_may_spawn_others) {
  const auto parent = [this]() -> asio::awaitable<void> {
    tasks.spawn(nothing());
    co_return;
  };
  tasks.spawn(parent());
  io.run();
  EXPECT_EQ(ends, 2);
  EXPECT_TRUE(tasks.empty());
}

}  // namespace
}  // namespace ordersync::app::runtime
