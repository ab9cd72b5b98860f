#include "store/values/copy_text.hpp"

#include <gtest/gtest.h>

namespace ordersync::store::values {
namespace {

template <class T>
std::string one(const T& value) {
  copy_text text;
  text.add(value);
  return std::string{text.text()};
}

TEST(copy_text, columns_are_parted_by_tabs_and_rows_by_newlines) {
  copy_text text;
  text.add(1).add("a").null().end_row();
  text.add(2).add("").add(true).end_row();
  EXPECT_EQ(text.text(), "1\ta\t\\N\n2\t\tt\n");
}

TEST(copy_text, what_copy_would_misread_is_escaped) {
  EXPECT_EQ(one("a\tb\nc\rd\\e"), "a\\tb\\nc\\rd\\\\e");
  EXPECT_EQ(one("\\N"), "\\\\N");
  EXPECT_EQ(one("\\."), "\\\\.");
  EXPECT_EQ(one("红色 😀 \"'"), "红色 😀 \"'");
}

TEST(copy_text, integers_keep_all_their_digits) {
  EXPECT_EQ(one(std::int64_t{9223372036854775807}), "9223372036854775807");
  EXPECT_EQ(one(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
}

TEST(copy_text, nothing_is_null_and_empty_is_empty) {
  EXPECT_EQ(one(core::text{}), "\\N");
  EXPECT_EQ(one(core::text{""}), "");
  EXPECT_EQ(one(core::integer{}), "\\N");
  EXPECT_EQ(one(std::optional<bool>{false}), "f");
}

TEST(copy_text, times_are_written_in_utc_with_milliseconds) {
  using namespace std::chrono;
  const core::instant t = sys_days{year{2024} / 5 / 7} + hours{1} + minutes{2} + seconds{3} + milliseconds{45};
  EXPECT_EQ(one(t), "2024-05-07T01:02:03.045Z");
  EXPECT_EQ(one(core::instant{milliseconds{-1}}), "1969-12-31T23:59:59.999Z");
  for (const auto ms : {0LL, 1704451800000LL, 951782399999LL, 4102444800000LL}) {
    EXPECT_EQ(one(core::instant{milliseconds{ms}}), core::to_text(core::instant{milliseconds{ms}}));
  }
}

TEST(copy_text, bytes_are_hexadecimal_behind_an_escaped_backslash) {
  const std::array<unsigned char, 3> bytes{0, 0x7f, 0xff};
  EXPECT_EQ(one(std::span<const unsigned char>{bytes}), "\\\\x007fff");
  EXPECT_EQ(bytea_literal(bytes), "\\x007fff");
}

TEST(copy_text, arrays_are_quoted_once_for_the_array_and_once_for_copy) {
  EXPECT_EQ(array_literal(std::vector<std::string>{}), "{}");
  EXPECT_EQ(array_literal(std::vector<std::string>{"a\"b", "c\\d", "", "NULL", "e,f}"}),
            R"({"a\"b","c\\d","","NULL","e,f}"})");
  EXPECT_EQ(one(std::vector<std::string>{"a\"b\n"}), "{\"a\\\\\"b\\n\"}");
  EXPECT_EQ(array_literal(std::vector<std::int64_t>{1, -2}), "{1,-2}");
}

}  // namespace
}  // namespace ordersync::store::values
