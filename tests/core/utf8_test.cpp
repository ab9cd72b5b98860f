#include "core/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ordersync::core {
namespace {

using namespace std::string_view_literals;

TEST(utf8, a_character_of_each_length_is_read) {
  struct reading {
    std::string_view text;
    char32_t code;
    std::size_t bytes;
  };
  for (const auto& [text, code, bytes] : {reading{"a|", 'a', 1},
                                          {"\0"sv, 0, 1},
                                          {"\x7F", 0x7F, 1},
                                          {"\xC2\x80|", 0x80, 2},
                                          {"é|", 0xE9, 2},
                                          {"\xE0\xA0\x80", 0x800, 3},
                                          {"件|", 0x4EF6, 3},
                                          {"\xED\x9F\xBF", 0xD7FF, 3},
                                          {"\xEE\x80\x80", 0xE000, 3},
                                          {"\xF0\x90\x80\x80", 0x10000, 4},
                                          {"😀|", 0x1F600, 4},
                                          {"\xF4\x8F\xBF\xBF", 0x10FFFF, 4}}) {
    const auto read = first_character(text);
    EXPECT_TRUE(read.valid) << text;
    EXPECT_EQ(read.code, code) << text;
    EXPECT_EQ(read.bytes, bytes) << text;
  }
}

TEST(utf8, what_is_no_character_costs_one_byte) {
  for (const auto text : {"\x80"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xC2|"sv, "\xE0\x9F\xBF"sv, "\xED\xA0\x80"sv,
                          "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xE4\xBB"sv, "\xFF"sv}) {
    const auto read = first_character(text);
    EXPECT_FALSE(read.valid) << static_cast<unsigned>(static_cast<unsigned char>(text[0]));
    EXPECT_EQ(read.bytes, 1U);
  }
}

TEST(utf8, a_text_is_cut_between_characters) {
  EXPECT_EQ(truncated("abc", 3), "abc");
  EXPECT_EQ(truncated("abc", 2), "ab");
  EXPECT_EQ(truncated("abc", 0), "");
  EXPECT_EQ(truncated("a订b", 4), "a订");
  EXPECT_EQ(truncated("a订b", 3), "a");
  EXPECT_EQ(truncated("a订b", 2), "a");
  EXPECT_EQ(truncated("😀😀", 7), "😀");
}

TEST(utf8, bytes_without_characters_are_cut_all_the_same) {
  const std::string bytes(100, '\x80');
  EXPECT_EQ(truncated(bytes, 50).size(), 50U);
  EXPECT_EQ(truncated(bytes, 0).size(), 0U);
}

}  // namespace
}  // namespace ordersync::core
