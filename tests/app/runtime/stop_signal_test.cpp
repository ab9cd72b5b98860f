#include "app/runtime/stop_signal.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace ordersync::app::runtime {
namespace {

struct stopping : ::testing::Test {
  std::string stopped;
  stop_signal signal{[this] { stopped += "last"; }};

  std::function<void()> adds(std::string name) {
    return [this, name = std::move(name)] { stopped += name + " "; };
  }
};

TEST_F(stopping, the_parts_at_work_are_stopped_the_last_begun_first) {
  const stop_signal::registration a{signal, adds("a")};
  { const stop_signal::registration gone{signal, adds("gone")}; }
  const stop_signal::registration b{signal, adds("b")};
  EXPECT_FALSE(signal.requested());
  signal.request();
  EXPECT_TRUE(signal.requested());
  EXPECT_EQ(stopped, "b a last");
}

TEST_F(stopping, a_part_that_ends_when_another_one_is_stopped_is_left_alone) {
  std::optional<stop_signal::registration> inner;
  inner.emplace(signal, adds("inner"));
  const stop_signal::registration outer{signal, [&] {
                                          stopped += "outer ";
                                          inner.reset();
                                        }};
  signal.request();
  EXPECT_EQ(stopped, "outer last");
}

TEST_F(stopping, a_part_may_end_as_it_is_stopped) {
  std::optional<stop_signal::registration> part;
  part.emplace(signal, [&] {
    part.reset();
    stopped += "part ";
  });
  signal.request();
  EXPECT_EQ(stopped, "part last");
}

TEST_F(stopping, what_is_stopped_is_asked_by_its_own_stop) {
  struct {
    int stops = 0;
    void stop() { ++stops; }
  } part;
  const auto while_it_works = signal.stops(part);
  signal.request();
  EXPECT_EQ(part.stops, 1);
}

}  // namespace
}  // namespace ordersync::app::runtime
