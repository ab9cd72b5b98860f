#include "store/maintenance/erasure_marks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::store::maintenance {
namespace {

TEST(erasure_marks, a_number_is_the_same_in_every_spelling) {
  for (const auto* spelling :
       {"18275942991", "+86 182-7594-2991", "008618275942991", "86-18275942991", " 18275942991 "})
    EXPECT_EQ(plain_number(spelling), "18275942991") << spelling;
  EXPECT_EQ(plain_number("0771-88888"), "077188888");
  for (const auto* none : {"", "86-", "null", "1234", "1234567890123456"}) EXPECT_EQ(plain_number(none), "") << none;
}

TEST(erasure_marks, numbers_are_found_in_text_whole_or_not_at_all) {
  EXPECT_EQ(numbers_in(R"({"toMobile":"18275942991","id":1060631267218818995,"x":"8613800138000"})"),
            (std::set<std::string>{"18275942991", "13800138000"}));
  EXPECT_TRUE(numbers_in("").empty());
  EXPECT_EQ(numbers_in("12345"), (std::set<std::string>{"12345"}));
}

TEST(erasure_marks, a_number_may_be_written_in_groups) {
  using ::testing::Contains;
  for (const auto* text :
       {"请打 138-0013-8000", "tel 138 0013 8000 谢谢", "(138)00138000", "138.0013.8000", "+86 138-00138000",
        "1 3800138000", "138　0013　8000", "138－0013－8000", "5 138 0013 8000", "\"138 – 0013 – 8000\""})
    EXPECT_THAT(numbers_in(text), Contains("13800138000")) << text;
  for (const auto* text :
       {"138, 0013, 8000", "138----0013----8000", "138:0013:8000", "2138 0013 8000", "138 0013 80001"})
    EXPECT_THAT(numbers_in(text), ::testing::Not(Contains("13800138000"))) << text;
  EXPECT_EQ(numbers_in("0571-88881234"), (std::set<std::string>{"057188881234", "88881234"}));
  EXPECT_TRUE(numbers_in("12-34").empty()) << "too few digits to be looked for in groups";
}

TEST(erasure_marks, digits_may_be_full_width_or_escaped) {
  EXPECT_EQ(plain_number("１８２７５９４２９９１"), "18275942991");
  EXPECT_EQ(
      numbers_in(R"({"mobile":"\u00318275942\u0039\uFF191","phone":"{\"x\":\"\\\\uff18\\\\u003613800138000\"}"})"),
      (std::set<std::string>{"18275942991", "13800138000"}));
  EXPECT_EQ(numbers_in(R"(\u003a12345\u00)"), (std::set<std::string>{"12345"}));
}

TEST(erasure_marks, a_stand_in_depends_on_text_and_key_and_is_known_as_one) {
  core::sha256 one{}, other{};
  other[0] = 1;
  EXPECT_EQ(stand_in(one, "a"), stand_in(one, "a"));
  EXPECT_NE(stand_in(one, "a"), stand_in(one, "b"));
  EXPECT_NE(stand_in(one, "a"), stand_in(other, "a"));
  EXPECT_TRUE(is_stand_in(stand_in(one, "a")));
  EXPECT_FALSE(is_stand_in("erased:"));
}

}  // namespace
}  // namespace ordersync::store::maintenance
