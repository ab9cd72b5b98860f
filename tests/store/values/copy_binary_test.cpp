#include "store/values/copy_binary.hpp"

#include <gtest/gtest.h>

namespace ordersync::store::values {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

// What `add` puts, without the header.
template <class Add>
std::string one(Add add) {
  copy_binary rows;
  rows.clear();
  add(rows);
  return std::string{rows.bytes()};
}

template <class T>
std::string value(const T& value) {
  return one([&](auto& rows) { rows.add(value); });
}

std::string numeric(std::string_view text) {
  return one([&](auto& rows) { rows.add_numeric(text); });
}

TEST(copy_binary, rows_stand_between_header_and_end) {
  copy_binary rows;
  rows.begin_row(2);
  rows.add(true);
  rows.null();
  rows.end();
  EXPECT_EQ(rows.bytes(), "PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\0\2\0\0\0\1\1\xff\xff\xff\xff\xff\xff"sv);
}

TEST(copy_binary, integers_have_the_size_of_their_column) {
  EXPECT_EQ(value(std::int64_t{-2}), "\0\0\0\x8\xff\xff\xff\xff\xff\xff\xff\xfe"sv);
  EXPECT_EQ(value(258), "\0\0\0\4\0\0\1\2"sv);
  EXPECT_EQ(one([](auto& rows) { rows.add_integer(-2); }), "\0\0\0\4\xff\xff\xff\xfe"sv);
}

TEST(copy_binary, an_integer_beyond_32_bits_is_not_cut) {
  EXPECT_EQ(one([](auto& rows) { rows.add_integer(std::int64_t{1} << 32U); }), "\0\0\0\x8\0\0\0\1\0\0\0\0"sv);
}

TEST(copy_binary, nothing_is_null_and_empty_is_empty) {
  EXPECT_EQ(value(core::text{}), "\xff\xff\xff\xff"sv);
  EXPECT_EQ(value(core::text{""}), "\0\0\0\0"sv);
  EXPECT_EQ(value(std::optional<bool>{false}), "\0\0\0\1\0"sv);
}

TEST(copy_binary, times_count_microseconds_since_2000) {
  using namespace std::chrono;
  EXPECT_EQ(value(core::instant{sys_days{year{2000} / 1 / 1}} + milliseconds{1}), "\0\0\0\x8\0\0\0\0\0\0\3\xe8"sv);
  EXPECT_EQ(value(core::instant{sys_days{year{2000} / 1 / 1}} - milliseconds{1}),
            "\0\0\0\x8\xff\xff\xff\xff\xff\xff\xfc\x18"sv);
}

TEST(copy_binary, bytes_and_json_stand_as_they_are) {
  EXPECT_EQ(value(core::sha256{1}), "\0\0\0\x20\1"s + std::string(31, '\0'));
  EXPECT_EQ(one([](auto& rows) { rows.add_jsonb("[1]"); }), "\0\0\0\4\1[1]"sv);
}

TEST(copy_binary, arrays_have_one_dimension_or_none) {
  EXPECT_EQ(value(std::vector<std::string>{}), "\0\0\0\xc\0\0\0\0\0\0\0\0\0\0\0\x19"sv);
  EXPECT_EQ(value(std::vector<std::string>{"a", ""}),
            "\0\0\0\x1d\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\2\0\0\0\1\0\0\0\1a\0\0\0\0"sv);
}

TEST(copy_binary, decimals_are_cut_into_groups_of_four_digits_around_the_point) {
  EXPECT_EQ(numeric("1"), "\0\0\0\xa\0\1\0\0\0\0\0\0\0\1"sv);
  EXPECT_EQ(numeric("-12345.5"), "\0\0\0\xe\0\3\0\1\x40\0\0\1\0\1\x9\x29\x13\x88"sv);
  EXPECT_EQ(numeric("0.00012"), "\0\0\0\xe\0\3\0\0\0\0\0\5\0\0\0\1\x7\xd0"sv);
}

TEST(copy_binary, what_is_no_decimal_is_made_a_number_that_postgresql_refuses) {
  for (const auto text : {"", "-", "1.", ".5", "1e3", "+1", "0x1", "NaN", "1.2.3", " 1", "--1"})
    EXPECT_EQ(numeric(text), "\0\0\0\x8\0\0\xff\xff\x3f\xff\0\0"sv) << text;
}

}  // namespace
}  // namespace ordersync::store::values
