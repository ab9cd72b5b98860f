#include "app/setup/spoken.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::setup {
namespace {

using namespace std::chrono_literals;

TEST(spoken, two_largest_units) {
  EXPECT_EQ(spoken(0s), "0 s");
  EXPECT_EQ(spoken(61s), "1 min 1 s");
  EXPECT_EQ(spoken(2h), "2 h");
  EXPECT_EQ(spoken(49h + 59min), "2 d 1 h");
}

TEST(spoken, makes_no_length_negative) {
  EXPECT_EQ(spoken(-3598s), "0 s");
}

}  // namespace
}  // namespace ordersync::app::setup
