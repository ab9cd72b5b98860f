#include "pandapon/json/json.hpp"

#include "pandapon/json/json_text.hpp"
#include "pandapon/sample.hpp"
#include "pandapon/text/utf8.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <random>

namespace ordersync::pandapon::json {
namespace {

json_kind kind_of(std::string_view json) {
  json_arena arena;
  return parse_json(json, arena).value.value().kind;
}

bool accepts(std::string_view json) {
  json_arena arena;
  return parse_json(json, arena).value.has_value();
}

std::string text_of(std::string_view json) {
  json_arena arena;
  const auto value = parse_json(json, arena).value.value();
  EXPECT_EQ(value.kind, json_kind::text) << value.text;
  return std::string(value.text);
}

TEST(json, numbers_keep_the_text_that_was_served) {
  for (const std::string number : {"0", "-0", "1060631267218818995", "99999999999999999999999", "1e400", "-1.50E+7",
                                   "0.1000000000000000055511151231257827", "1e99999999999999"}) {
    json_arena arena;
    const auto json = " " + number + " ";
    const auto value = parse_json(json, arena).value.value();
    EXPECT_EQ(value.kind, json_kind::number);
    EXPECT_EQ(value.text, number);
    EXPECT_EQ(value.raw, number);
  }
}

TEST(json, what_is_no_json_is_refused_with_the_place) {
  for (const auto* text : {"",          " ",   "{",    "[",        "[1,]",      "{\"a\":1,}",  "{\"a\"}",       "{a:1}",
                           "01",        "1.",  ".5",   "+1",       "-",         "1e",          "1e+",           "nul",
                           "truefalse", "\"",  "\"\\", "\"\\x\"",  "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"",      "[1 2]",
                           "{} {}",     "'a'", "NaN",  "Infinity", "[1}",       "// c\n1",     "\xEF\xBB\xBF{}"}) {
    EXPECT_FALSE(accepts(text)) << text;
  }
  json_arena arena;
  EXPECT_EQ(parse_json("{\"a\":tru}", arena).problem, "not valid JSON at byte 5");
}

TEST(json, texts_are_unescaped) {
  EXPECT_EQ(text_of(R"("a\"\\\/\b\f\n\r\tz")"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(text_of(R"("\u4ef6\u00e9\u0041")"), "件éA");
  EXPECT_EQ(text_of(R"("\ud83d\ude00")"), "😀");
  EXPECT_EQ(text_of("\"\""), "");
}

TEST(json, a_nul_or_half_a_surrogate_pair_costs_the_text_it_is_in_alone) {
  for (const auto* bad :
       {R"("a\u0000b")", R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800\ud800\udc00")"}) {
    EXPECT_EQ(kind_of(bad), json_kind::unusable) << bad;
    json_arena arena;
    const auto json = std::string("[1,") + bad + ",\"x\"]";
    const auto array = parse_json(json, arena).value.value();
    ASSERT_EQ(array.children.size(), 3U);
    EXPECT_EQ(array.children[1].raw, bad);
    EXPECT_EQ(array.children[2].text, "x");
  }
}

TEST(json, a_key_that_is_no_text_makes_its_member_unusable) {
  json_arena arena;
  const auto object = parse_json(R"({"a\u0000":1,"b":2})", arena).value.value();
  EXPECT_EQ(object.children[0].kind, json_kind::unusable);
  EXPECT_EQ(object.children[0].name, R"(a\u0000)");
  EXPECT_EQ(object.children[1].text, "2");
}

TEST(json, what_is_nested_too_deep_is_unusable_and_costs_nothing_else) {
  const auto nest = [](std::size_t depth) { return std::string(depth, '[') + "7" + std::string(depth, ']'); };
  const auto bound = nest(32);
  json_arena arena;
  EXPECT_EQ(compact_json(parse_json(bound, arena).value.value()), bound);
  const auto deep = "{\"a\":" + nest(100'000) + ",\"b\":1}";
  const auto object = parse_json(deep, arena).value.value();
  ASSERT_EQ(object.children.size(), 2U);
  EXPECT_EQ(object.children[0].raw, nest(100'000));
  EXPECT_EQ(object.children[1].text, "1");
}

TEST(json, more_values_than_any_order_has_are_refused) {
  std::string many = "[0";
  for (std::size_t i = 0; i < most_json_values; ++i) many += ",0";
  EXPECT_FALSE(accepts(many + "]"));
}

TEST(json, repeated_keys_are_all_there) {
  json_arena arena;
  const auto object = parse_json(R"({"a":1,"a":2})", arena).value.value();
  ASSERT_EQ(object.children.size(), 2U);
  EXPECT_EQ(object.children[1].text, "2");
}

// Boost.JSON decides what is JSON: for random damage to a real order both must agree.
TEST(json, agrees_with_boost_json_about_damaged_orders) {
  const auto original = sample_order().text();
  std::mt19937_64 engine(20240507);
  constexpr std::string_view bytes = "\"\\{}[]:,0123456789.eE+-truefalsn u\n\t\x01";
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto text = original;
    for (auto edits = engine() % 3 + 1; edits > 0; --edits) {
      const auto at = engine() % text.size();
      if (engine() % 2 == 0) {
        text[at] = bytes[engine() % bytes.size()];
      } else {
        text.erase(at, engine() % 4 + 1);
      }
    }
    if (text::valid_text_prefix(text) != text.size()) continue;
    boost::system::error_code failed;
    const auto expected = boost::json::parse(text, failed);
    json_arena arena;
    const auto parsed = parse_json(text, arena);
    if (failed == boost::json::error::exponent_overflow) continue;  // there no JSON, here a number beyond any use
    ASSERT_EQ(parsed.value.has_value(), !failed) << text;
    if (failed) continue;
    ++good;
    // Boost keeps one of repeated keys; without repeats the content is the same.
    const auto again = boost::json::parse(compact_json(*parsed.value));
    ASSERT_EQ(boost::json::serialize(again), boost::json::serialize(expected));
  }
  EXPECT_GT(good, 1000);
}

TEST(json_text, compact_keeps_spelling_and_loses_space) {
  json_arena arena;
  const auto value =
      parse_json(" { \"a\" : [ 1.50 , true , null ] , \"\\u0001\\\"\" : \"\\u4ef6 x\" } ", arena).value.value();
  EXPECT_EQ(compact_json(value), R"({"a":[1.50,true,null],"\u0001\"":"\u4ef6 x"})");
}

TEST(json_text, canonical_text_does_not_see_key_order_or_number_spelling_but_sees_content) {
  const auto canonical = [](std::string_view json) {
    json_arena arena;
    return canonical_text(parse_json(json, arena).value.value());
  };
  EXPECT_EQ(canonical(R"({"a":1,"b":["x",null]})"), canonical(R"({"b":["\u0078",null],"a":"1"})"));
  EXPECT_NE(canonical(R"(["ab"])"), canonical(R"(["a","b"])"));
  EXPECT_NE(canonical(R"(["s1:a"])"), canonical(R"([["a"]])"));
  EXPECT_NE(canonical("null"), canonical("\"null\""));
  EXPECT_NE(canonical("{}"), canonical("[]"));
}

TEST(json_text, what_jsonb_cannot_hold_is_objected_to) {
  const auto objection = [](std::string_view json) {
    json_arena arena;
    return std::string(jsonb_objection(parse_json(json, arena).value.value()));
  };
  EXPECT_EQ(objection(R"([{"name":"颜色","value":"红色"}])"), "");
  EXPECT_EQ(objection(R"([{"a":1,"a":1}])"), "");
  EXPECT_NE(objection(R"([{"a":1,"a":2}])"), "");
  EXPECT_NE(objection(R"([{"a":"\u0000"}])"), "");
  EXPECT_NE(objection(R"([{"\u0000":1}])"), "");
  EXPECT_NE(objection(R"([1e200000])"), "");
}

}  // namespace
}  // namespace ordersync::pandapon::json
