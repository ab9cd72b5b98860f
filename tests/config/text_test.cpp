#include "config/text.hpp"

#include <gtest/gtest.h>

namespace ordersync::config {
namespace {

using namespace std::literals;

TEST(text, edit_distance_does_not_mind_the_case) {
  EXPECT_EQ(edit_distance("ORDERSYNC_sync__page_size", "ORDERSYNC_SYNC__PAGE_SIZE"), 0U);
  EXPECT_EQ(edit_distance("STATSU", "status"), 1U);
}

TEST(text, edit_distance_counts_letters_and_swaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("rate", "rate"), 0U);
  EXPECT_EQ(edit_distance("rat", "rate"), 1U);
  EXPECT_EQ(edit_distance("raet", "rate"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(text, the_nearest_candidate_is_found) {
  EXPECT_EQ(nearest("page_sise", {"start", "page_size", "rate"}), "page_size");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(text, characters_are_not_bytes) {
  EXPECT_EQ(characters_in("abc"), 3U);
  EXPECT_EQ(characters_in("订单"), 2U);
}

TEST(text, what_is_not_text_is_found_where_it_begins) {
  EXPECT_EQ(first_not_text("a\tb\r\n订单 \xF0\x9F\x98\x80"), std::string_view::npos);
  EXPECT_EQ(first_not_text("ab\0c"sv), 2U);
  EXPECT_EQ(first_not_text("a\x1b[31m"), 1U);
  EXPECT_EQ(first_not_text("a\x7f"), 1U);
  EXPECT_EQ(first_not_text("a\xC2\x9B"), 1U);  // a C1 control
  EXPECT_EQ(first_not_text("\xff"), 0U);
  EXPECT_EQ(first_not_text("a\xE8\xAE"), 1U);         // cut
  EXPECT_EQ(first_not_text("\xC0\xAF"), 0U);          // overlong
  EXPECT_EQ(first_not_text("\xED\xA0\x80"), 0U);      // a surrogate
  EXPECT_EQ(first_not_text("\xF4\x90\x80\x80"), 0U);  // beyond Unicode
}

TEST(text, what_is_quoted_is_short_and_harmless) {
  EXPECT_EQ(in_quotes("10x"), "\"10x\"");
  EXPECT_EQ(in_quotes("a\nb\x1b"), "\"a?b?\"");
  EXPECT_EQ(in_quotes("\xC2\x9B"), "\"?\"");
  EXPECT_EQ(in_quotes("订单"), "\"订单\"");
  EXPECT_EQ(in_quotes(std::string(1000, 'a')), '"' + std::string(60, 'a') + "...\"");
}

}  // namespace
}  // namespace ordersync::config
