// The lane's end, which its callers may hear of after it.
#include "store/lane.hpp"

#include "store_fixture.hpp"

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

TEST(lane, is_not_touched_any_more_by_a_caller_that_hears_of_the_end_after_it_is_gone) {
  recorded_log log;
  alignas(store::lane) std::array<std::byte, sizeof(store::lane)> place{};
  auto* const lane = new (place.data()) store::lane("host=/nowhere", "", {}, {}, log);
  boost::asio::io_context context;
  std::optional<core::failure> heard;
  boost::asio::co_spawn(
      context, lane->run<void>("waiting", store::access::write, [](store::connection&) {}),
      [&](const std::exception_ptr&, const core::result<void>& outcome) { heard = outcome.error().kind; });
  context.poll();
  EXPECT_EQ(lane->waiting(), 1U);
  ASSERT_TRUE(log.wait_for("database_retry"));
  lane->~lane();
  std::memset(place.data(), 0x5a, place.size());
  context.run();
  EXPECT_EQ(heard, core::failure::database_down);
  EXPECT_TRUE(std::ranges::all_of(place, [](std::byte b) { return b == std::byte{0x5a}; }));
}

}  // namespace
}  // namespace ordersync::store_test
