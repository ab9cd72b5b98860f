#include "store/values/literals.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ordersync::store::values {
namespace {

TEST(literals, texts_of_an_array_are_quoted) {
  EXPECT_EQ(array_literal(std::vector<std::string>{}), "{}");
  EXPECT_EQ(array_literal(std::vector<std::string>{"a\"b", "c\\d", "", "NULL", "e,f}"}),
            R"({"a\"b","c\\d","","NULL","e,f}"})");
  EXPECT_EQ(array_literal(std::vector<std::int64_t>{1, -2}), "{1,-2}");
}

TEST(literals, bytes_are_hexadecimal) {
  const std::array<unsigned char, 3> bytes{0, 0x7f, 0xff};
  EXPECT_EQ(bytea_literal(bytes), "\\x007fff");
}

}  // namespace
}  // namespace ordersync::store::values
