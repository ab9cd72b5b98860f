// The runner's end, which its callers may see after it.
#include "store/pg/transaction_runner.hpp"

#include "store/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <future>
#include <new>

namespace ordersync::store_test {
namespace {

TEST(transaction_runner, is_not_touched_any_more_by_a_caller_that_hears_of_the_end_after_it_is_gone) {
  recorded_log log;
  alignas(store::pg::transaction_runner) std::array<std::byte, sizeof(store::pg::transaction_runner)> place{};
  auto* const runner = new (place.data()) store::pg::transaction_runner("host=/nowhere", "", {}, {}, log);
  boost::asio::io_context context;
  std::optional<core::failure> outcome_kind;
  boost::asio::co_spawn(
      context, runner->run<void>("waiting", store::pg::access::write, [](store::pg::connection&) {}),
      [&](const std::exception_ptr&, const core::result<void>& outcome) { outcome_kind = outcome.error().kind; });
  context.poll();
  EXPECT_EQ(runner->waiting(), 1U);
  ASSERT_TRUE(log.wait_for("database_retry"));
  runner->~transaction_runner();
  std::memset(place.data(), 0x5a, place.size());
  context.run();
  EXPECT_EQ(outcome_kind, core::failure::database_down);
  EXPECT_TRUE(std::ranges::all_of(place, [](std::byte b) { return b == std::byte{0x5a}; }));
}

}  // namespace
}  // namespace ordersync::store_test
