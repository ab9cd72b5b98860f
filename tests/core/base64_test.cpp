// Base64 as RFC 4648 writes it: the test vectors of its section 10.
#include "core/base64.hpp"

#include <gtest/gtest.h>

namespace ordersync::core {
namespace {

TEST(base64, fills_up_what_is_no_whole_group) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
}

TEST(base64, takes_any_byte) {
  EXPECT_EQ(base64_of(std::string_view("\0\xff\xfe", 3)), "AP/+");
}

}  // namespace
}  // namespace ordersync::core
