#include "service/log_line.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>

namespace ordersync::service {
namespace {

using namespace std::literals;
using core::severity;

TEST(text_line, an_event_is_followed_by_its_fields) {
  EXPECT_EQ(text_line("window_proven", {{"account", "main"}, {"orders", 12}}), "window_proven account=main orders=12");
  EXPECT_EQ(text_line("started", {}), "started");
}

TEST(text_line, a_value_that_is_not_one_plain_word_is_quoted) {
  EXPECT_EQ(text_line("e", {{"a", "two words"}}), "e a=\"two words\"");
  EXPECT_EQ(text_line("e", {{"a", "x=y"}}), "e a=\"x=y\"");
  EXPECT_EQ(text_line("e", {{"a", "say \"hi\" \\"}}), "e a=\"say \\\"hi\\\" \\\\\"");
  EXPECT_EQ(text_line("e", {{"a", "2024-05-07T00:00:00Z/2024-05-08T00:00:00Z"}}),
            "e a=2024-05-07T00:00:00Z/2024-05-08T00:00:00Z");
  EXPECT_EQ(text_line("e", {{"a", "订单"}}), "e a=订单");
}

TEST(text_line, what_has_no_value_is_left_out) {
  EXPECT_EQ(text_line("e", {{"a", ""}, {"b", std::optional<int>{}}, {"c", std::optional<int>{3}}}), "e c=3");
}

TEST(text_line, a_duration_has_its_unit) {
  EXPECT_EQ(text_line("e", {{"a", 1500ms}, {"b", 3s}, {"c", 0ns}, {"d", -2ms}, {"f", 1234567us}, {"g", 2h}}),
            "e a=1.5s b=3s c=0s d=-0.002s f=1.234s g=7200s");
}

TEST(text_line, what_cannot_be_seen_is_written_out) {
  EXPECT_EQ(text_line("e", {{"a", "a\u200Bb\u200Ec\uFEFF\u00AD\u061C\u2060"}}),
            "e a=\"a\\u200bb\\u200ec\\ufeff\\u00ad\\u061c\\u2060\"");
}

TEST(text_line, no_value_begins_a_line_or_steers_a_terminal) {
  EXPECT_EQ(text_line("e", {{"a", "x\ninfo forged a=b"}}), "e a=\"x\\ninfo forged a=b\"");
  EXPECT_EQ(text_line("e", {{"a", "\r\t\x1b[31m\x7f"}}), "e a=\"\\r\\t\\u001b[31m\\u007f\"");
  EXPECT_EQ(text_line("e", {{"a", "a\0b"sv}}), "e a=\"a\\u0000b\"");
  EXPECT_EQ(text_line("e", {{"a", "\xC2\x9B"}}), "e a=\"\\u009b\"");                         // C1: CSI
  EXPECT_EQ(text_line("e", {{"a", "\xE2\x80\xA8\xE2\x80\xAE"}}), "e a=\"\\u2028\\u202e\"");  // a line, a turn
  EXPECT_EQ(text_line("e", {{"a", "a\xFFz\xE8\xAE"}}), "e a=\"a\uFFFDz\uFFFD\uFFFD\"");      // not UTF-8
  EXPECT_EQ(text_line("e", {{"a", "\xED\xA0\x80"}}), "e a=\"\uFFFD\uFFFD\uFFFD\"");          // a surrogate
  EXPECT_EQ(text_line("e", {{"a", "\xC0\xAF"}}), "e a=\"\uFFFD\uFFFD\"");                    // overlong
}

TEST(text_line, a_name_cannot_forge_a_field) {
  EXPECT_EQ(text_line("an event\n", {{"a=b c", "d"}}), "an_event_ a_b_c=d");
}

TEST(text_line, a_long_value_is_cut_between_characters) {
  std::string value = std::string(longest_value - 1, 'a') + "订单";
  EXPECT_EQ(text_line("e", {{"a", value}}), "e a=\"" + std::string(longest_value - 1, 'a') + "... (2053 bytes)\"");
  value.resize(longest_value - 1);
  EXPECT_EQ(text_line("e", {{"a", value}}), "e a=" + value);
}

boost::json::object parsed(std::string_view value) {
  const std::string line = '{' + json_members(severity::warning, "e", {{"a", value}}) + '}';
  EXPECT_EQ(line.find('\n'), std::string::npos);
  boost::json::error_code error;
  const auto json = boost::json::parse(line, error);
  EXPECT_FALSE(error) << line;
  return error ? boost::json::object{} : json.as_object();
}

TEST(json_members, level_event_and_fields_are_written) {
  EXPECT_EQ(json_members(severity::info, "window_proven", {{"account", "main"}, {"orders", 12}}),
            R"("level":"info","event":"window_proven","account":"main","orders":12)");
  EXPECT_EQ(json_members(severity::error, "e", {}), R"("level":"error","event":"e")");
}

TEST(json_members, numbers_and_durations_are_numbers_and_digits_of_a_text_stay_text) {
  EXPECT_EQ(json_members(severity::info, "e", {{"a", 1500ms}, {"b", -3}, {"c", 0.25}, {"d", true}, {"f", "12"}}),
            R"("level":"info","event":"e","a":1.5,"b":-3,"c":0.25,"d":true,"f":"12")");
  EXPECT_EQ(json_members(severity::info, "e", {{"a", std::numeric_limits<double>::infinity()}}),
            R"("level":"info","event":"e","a":"inf")");
}

TEST(json_members, what_has_no_value_is_left_out) {
  EXPECT_EQ(json_members(severity::info, "e", {{"a", ""}, {"b", std::optional<int>{}}}),
            R"("level":"info","event":"e")");
}

TEST(json_members, no_name_is_there_twice) {
  EXPECT_EQ(json_members(severity::info, "e", {{"event", "x"}, {"time", 1}, {"a", 1}, {"a", 2}, {"level", "y"}}),
            R"("level":"info","event":"e","event_":"x","time_":1,"a":1,"a_":2,"level_":"y")");
}

TEST(json_members, every_valid_value_comes_back_as_it_was) {
  std::string all;
  for (char c = 0; c < 127; ++c) all += c;
  for (const std::string& value :
       {all, "\"}{\",\"level\":\"error"s, "订单 \U0001F600 \u2028 \u202E \u009B \u200B \uFEFF"s, "\\"s}) {
    EXPECT_EQ(parsed(value).at("a").as_string(), value);
  }
}

TEST(json_members, every_single_byte_and_pair_of_bytes_gives_valid_json) {
  for (int first = 0; first < 256; ++first) {
    parsed(std::string{static_cast<char>(first)});
    for (int second = 0; second < 256; second += 3) {
      parsed(std::string{static_cast<char>(first), static_cast<char>(second)});
    }
  }
}

TEST(json_members, a_long_value_of_escapes_or_of_no_text_stays_valid) {
  parsed(std::string(100'000, '\0'));
  parsed(std::string(100'000, '"'));
  parsed(std::string(100'000, '\xBF'));
}

TEST(json_members, a_name_cannot_break_the_object) {
  const std::string line = '{' + json_members(severity::info, "e\"", {{"a\":1,\"b", "c"}}) + '}';
  boost::json::error_code error;
  EXPECT_EQ(boost::json::parse(line, error).at("a__1__b"), "c");
}

}  // namespace
}  // namespace ordersync::service
