#include "store/payloads/split.hpp"

#include "store/payloads/payload_samples.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::payloads::split;
using store::payloads::split_payload;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct parts {
  bool usable = false;
  std::vector<std::string> shapes, values;
};

parts parts_of(const std::string& payload) {
  split_payload into;
  parts all{split(payload, into), {}, {}};
  for (std::size_t i = 0; all.usable && i < into.count(); ++i) all.shapes.emplace_back(into.shape_of(i));
  if (all.usable) all.values.assign(into.values.begin(), into.values.end());
  return all;
}

// What the pieces make together.
std::string joined(const split_payload& from) {
  std::string out;
  for (std::size_t i = 0; i < from.count(); ++i) {
    std::size_t value = 0;
    std::string piece;
    const auto shape = from.shape_of(i);
    for (std::size_t at = 0; at < shape.size(); ++at) {
      if (shape.substr(at, 2) == "%s") {
        piece += from.values_of(i)[value++];
        ++at;
      } else {
        piece += shape[at];
      }
    }
    EXPECT_EQ(value, from.values_of(i).size());
    EXPECT_EQ(piece, from.text_of(i));
    out += piece;
  }
  return out;
}

TEST(splitting_payloads, leaves_names_and_punctuation_in_the_shape_and_takes_out_values) {
  const auto its = parts_of(R"({"id":18,"flow":"fenxiao", "closeReason":null,"a":[1,2],"empty":""})");
  EXPECT_THAT(its.shapes, ElementsAre(R"({"id":%s,"flow":"%s", "closeReason":%s,"a":[%s,%s],"empty":"%s"})"));
  EXPECT_THAT(its.values, ElementsAre("18", "fenxiao", "null", "1", "2", ""));
}

TEST(splitting_payloads, begins_a_piece_at_each_object_in_a_list) {
  const auto its = parts_of(R"({"lines":[{"id":1},{"id":2}],"x":3})");
  EXPECT_THAT(its.shapes, ElementsAre(R"({"lines":[)", R"({"id":%s},)", R"({"id":%s}],"x":%s})"));
  EXPECT_THAT(its.values, ElementsAre("1", "2", "3"));
}

TEST(splitting_payloads, takes_json_in_strings_apart_three_deep_and_no_deeper) {
  std::string json = R"({"a":"v"})";
  for (int depth = 1; depth <= 3; ++depth) json = R"({"b":)" + escaped(json) + "}";
  EXPECT_THAT(parts_of(json).values, ElementsAre("v"));
  json = R"({"b":)" + escaped(json) + "}";
  EXPECT_THAT(parts_of(json).values, ElementsAre(::testing::EndsWith("\"}")));
}

TEST(splitting_payloads, keeps_a_string_that_only_looks_like_json_as_a_value) {
  const auto its = parts_of(R"({"a":"[not closed","b":"{x} and more","c":"[1]","d":"a\"b","e":"\\"})");
  EXPECT_THAT(its.values, ElementsAre("[not closed", "{x} and more", "1", R"(a\"b)", R"(\\)"));
}

TEST(splitting_payloads, leaves_the_beginning_of_a_web_address_in_the_shape_up_to_its_first_digit) {
  const auto its =
      parts_of(R"({"a":"https://trade.1688.com/order/snap.htm?entry_id=77","b":"http://h/u/jo12/x","c":"http://x"})");
  EXPECT_THAT(its.shapes,
              ElementsAre(R"({"a":"https://trade.1688.com/order/snap.htm?entry_id=%s","b":"http://h/u/%s","c":"%s"})"));
  EXPECT_THAT(its.values, ElementsAre("77", "jo12/x", "http://x"));
}

// A shape is stored for good, and shown to who may not see personal data.
TEST(splitting_payloads, has_no_shape_for_names_of_fields_that_may_be_somebodys) {
  EXPECT_FALSE(parts_of(R"({"10086391626":1})").usable);
  EXPECT_FALSE(parts_of(R"({"m10086391626":1})").usable);
  EXPECT_FALSE(parts_of(R"({"张三":1})").usable);
  EXPECT_FALSE(parts_of(R"({"a b":1})").usable);
  EXPECT_FALSE(parts_of(R"({"a%s":1})").usable);
  EXPECT_THAT(parts_of(R"({"a":"{\"张三\":1}"})").values, ElementsAre(R"({\"张三\":1})"));
}

TEST(splitting_payloads, wants_an_object_and_no_line_break) {
  for (const auto* text :
       {"", "{", "1", "[{}]", "{}x", "{} ", "{]", "{\"a\":1", "{\"a\":\"b}", "{\n}", "{\"a\":\"\n\"}"})
    EXPECT_FALSE(parts_of(text).usable) << text;
  EXPECT_THAT(parts_of("{}").values, IsEmpty());
  EXPECT_FALSE(parts_of("{\"a\":" + std::string(1'000, '[') + std::string(1'000, ']') + "}").usable);
}

TEST(splitting_payloads, knows_the_vendors_own_order) {
  split_payload into;
  const auto payload = vendors_order();
  ASSERT_TRUE(split(payload, into));
  EXPECT_EQ(into.count(), 5U) << "the order, its goods, its line and two attributes";
  EXPECT_EQ(joined(into), payload);
}

TEST(splitting_payloads, loses_no_byte_of_whatever_it_takes_apart) {
  int usable = 0;
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    random_json random{seed};
    const auto json = random.object();
    for (const auto& payload : {json, random.damaged(json)}) {
      split_payload into;
      if (!split(payload, into)) continue;
      ++usable;
      ASSERT_EQ(joined(into), payload) << seed;
    }
  }
  EXPECT_GT(usable, 500);
}

}  // namespace
}  // namespace ordersync::store_test
