#include "app/runtime/shared_look.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

namespace ordersync::app::runtime {
namespace {

namespace asio = boost::asio;

TEST(shared_look, that_ends_in_an_exception_leaves_nobody_waiting_and_is_followed_by_another) {
  asio::io_context context;
  task_group tasks(context.get_executor(), [] {});
  int looks = 0;
  shared_look<int> look(context.get_executor(), tasks, [&looks]() -> asio::awaitable<core::result<int>> {
    if (++looks == 1) throw std::runtime_error("a defect");
    co_return looks;
  });
  std::vector<int> seen;
  asio::co_spawn(
      context,
      [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 2; ++i) {
          const auto found = co_await look.get();
          seen.push_back(found.value ? *found.value : 0);
        }
      },
      asio::detached);
  const auto begun = std::chrono::steady_clock::now();
  context.run();
  EXPECT_EQ(seen, (std::vector{0, 2}));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{3});
  EXPECT_THROW(tasks.rethrow(), std::runtime_error);
}

}  // namespace
}  // namespace ordersync::app::runtime
