#include "pandapon/json/json_slices.hpp"

#include "pandapon/sample.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ordersync::pandapon::json {
namespace {

TEST(json_slices, members_are_cut_byte_for_byte) {
  const auto members = slice_object(R"( { "a" : {"x":"}]"} ,"b\"":[1, 2 ], "c":-1.5e3,"d":"\\"} )").value();
  ASSERT_EQ(members.size(), 4U);
  EXPECT_EQ(members[0].key, "a");
  EXPECT_EQ(members[0].value, R"({"x":"}]"})");
  EXPECT_EQ(members[1].key, R"(b\")");
  EXPECT_EQ(members[1].value, "[1, 2 ]");
  EXPECT_EQ(members[2].value, "-1.5e3");
  EXPECT_EQ(members[3].value, R"("\\")");
}

TEST(json_slices, elements_are_cut_even_where_one_is_no_json) {
  const auto elements = slice_array(R"([{"id":1},{"id":tru},"x", [nonsense] ,{"a":"\ud800"}])").value();
  ASSERT_EQ(elements.size(), 5U);
  EXPECT_EQ(elements[1].value, R"({"id":tru})");
  EXPECT_EQ(elements[3].value, "[nonsense]");
  EXPECT_TRUE(slice_array("[]").value().empty());
  EXPECT_TRUE(slice_object(" { } ").value().empty());
}

TEST(json_slices, what_cannot_be_cut_with_certainty_is_not_cut) {
  for (const auto* text : {"", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[\"a]", "[{]", "[{]}", "[1]x", "{}", "1"}) {
    EXPECT_FALSE(slice_array(text)) << text;
  }
  for (const auto* text : {"{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1}}", "[]", "{\"a:1}"}) {
    EXPECT_FALSE(slice_object(text)) << text;
  }
}

TEST(json_slices, depth_is_no_limit) {
  const auto deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  EXPECT_EQ(slice_array("[1," + deep + ",2]").value().size(), 3U);
}

// One past the container that begins at the first byte.
std::size_t end_by_bytes(std::string_view json) {
  std::string due;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      for (++i; i < json.size() && json[i] != '"'; ++i) i += json[i] == '\\' ? 1 : 0;
    } else if (c == '{' || c == '[') {
      due += c == '{' ? '}' : ']';
    } else if (c == '}' || c == ']') {
      if (due.back() != c) return std::string_view::npos;
      due.pop_back();
      if (due.empty()) return i + 1;
    }
  }
  return std::string_view::npos;
}

TEST(json_slices, a_container_ends_where_reading_byte_by_byte_ends_it) {
  constexpr std::string_view pieces[] = {"\"", "\"", "\"\"", "\\\"", "\\\\", "\\\\\\", "{",  "}",
                                         "[",  "]",  "[]",   "{}",   "x",    "\n",     "件", ";"};
  constexpr std::string_view only_in_strings = "\\";
  std::mt19937_64 engine{3};
  int ended = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string json = "[";
    const bool stray = i % 4 == 0;  // a backslash may stand anywhere
    bool in_string = false;
    for (auto left = engine() % 200; left > 0; --left) {
      const auto piece = engine() % 2 == 0 ? "x" : pieces[engine() % std::size(pieces)];
      if (!in_string && !stray && piece.starts_with(only_in_strings)) continue;
      if (piece == "\"") in_string = !in_string;
      json += piece;
    }
    json += engine() % 2 == 0 ? "]]]]]]]]" : "\"]]]]";
    const auto end = end_by_bytes(json);
    ended += end == std::string_view::npos ? 0 : 1;
    ASSERT_EQ(end_of_json(json, 0), end) << json;
    ASSERT_EQ(end_of_json("12345" + json, 5), end == std::string_view::npos ? end : end + 5) << json;
  }
  EXPECT_GT(ended, 5'000);
}

TEST(json_slices, the_sample_is_one_order) {
  const auto page = sample_page();
  const auto order = first_element(editable_object(page).get("data"));
  EXPECT_TRUE(order.starts_with(R"({"id":1060631267218818995,"developId")"));
  EXPECT_NE(page.find("\"data\":[" + order + "],\"code\""), std::string::npos);
}

}  // namespace
}  // namespace ordersync::pandapon::json
