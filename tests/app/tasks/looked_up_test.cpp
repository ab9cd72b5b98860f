// In which range an order is looked up whose creation is known.
#include "app/tasks/looked_up.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::tasks {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

core::second on(int day) {
  return core::second{} + days{20'000 + day};
}

TEST(looked_up, asks_for_a_known_order_around_its_creation) {
  const core::instant created = on(5) + 10h + 5ms;
  EXPECT_EQ(look_up_range(created, on(100), {}), (core::window{on(4) + 10h, on(6) + 10h}));
  EXPECT_EQ(look_up_range(created, on(100), {.longest_range = 2h}), (core::window{on(5) + 9h, on(5) + 11h}));
  EXPECT_EQ(look_up_range(created, on(5) + 11h, {.nearest_end = 30min}).end, on(5) + 10h + 30min);
  EXPECT_EQ(look_up_range(created, on(5) + 10h, {.nearest_end = 30min}).end, on(5) + 10h + 1s);
}

}  // namespace
}  // namespace ordersync::app::tasks
