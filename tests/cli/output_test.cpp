#include "cli/output.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace ordersync::cli {
namespace {

using namespace std::chrono_literals;

TEST(output, tells_a_length_of_time_in_its_two_largest_units) {
  EXPECT_EQ(duration_text(0s), "0 s");
  EXPECT_EQ(duration_text(59s), "59 s");
  EXPECT_EQ(duration_text(125s), "2 min 5 s");
  EXPECT_EQ(duration_text(3h + 4min), "3 h 4 min");
  EXPECT_EQ(duration_text(49h), "2 d 1 h");
}

TEST(output, a_window_is_a_half_open_pair_in_utc) {
  const core::window w{core::second{0s}, core::second{60s}};
  EXPECT_EQ(boost::json::serialize(window_json(w)), R"({"from":"1970-01-01T00:00:00Z","to":"1970-01-01T00:01:00Z"})");
}

}  // namespace
}  // namespace ordersync::cli
