#include "pandapon/push/message.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace ordersync::pandapon::push {
namespace {

using sort = message::sort;

TEST(push_message, names_an_order_in_a_body_that_is_text) {
  const auto read =
      read_message(R"({"messageType":"ORDER_PAY_SUCCESS","messagePlatform":1,"timestamp":"1715046720123",)"
                   R"("messageBody":"{\"orderId\":\"2155012345678901234\",\"orderNo\":\"PO-1\"}"})");
  EXPECT_EQ(read.what, sort::order);
  EXPECT_EQ(read.hint.type, "ORDER_PAY_SUCCESS");
  EXPECT_EQ(read.hint.order_id, "2155012345678901234");
  EXPECT_EQ(read.hint.order_no, "PO-1");
  ASSERT_TRUE(read.hint.sent_at);
  EXPECT_EQ(read.hint.sent_at->time_since_epoch().count(), 1'715'046'720'123);
  EXPECT_EQ(read.inner, R"({"orderId":"2155012345678901234","orderNo":"PO-1"})");
}

TEST(push_message, names_an_order_in_a_body_that_is_an_object_and_keeps_its_exact_bytes) {
  const auto read = read_message(R"({"messageBody": {"orderId" : 42 } ,"timestamp":1715046720123})");
  EXPECT_EQ(read.what, sort::order);
  EXPECT_EQ(read.hint.order_id, "42");
  EXPECT_EQ(read.hint.order_no, "");
  EXPECT_EQ(read.inner, R"({"orderId" : 42 })");
}

TEST(push_message, names_an_order_in_a_body_that_is_encoded_twice) {
  const auto read = read_message(R"({"messageBody":"\"{\\\"orderId\\\":\\\"7\\\"}\""})");
  EXPECT_EQ(read.what, sort::order);
  EXPECT_EQ(read.hint.order_id, "7");
  EXPECT_EQ(read.inner, R"("{\"orderId\":\"7\"}")") << "which is what may be signed";
  EXPECT_EQ(read_message(R"({"messageBody":"\"\\\"{}\\\"\""})").what, sort::other) << "and no further";
}

TEST(push_message, never_rounds_a_number) {
  EXPECT_EQ(read_message(R"({"messageBody":{"orderId":9007199254740993123}})").hint.order_id, "9007199254740993123");
  for (const auto* number : {"1.0", "9e18", "-1"})
    EXPECT_EQ(read_message(fmt::format(R"({{"messageBody":{{"orderId":{}}}}})", number)).what, sort::other) << number;
}

TEST(push_message, finds_a_number_that_is_nested) {
  const auto read = read_message(
      R"({"messageType":"LOGISTICS_BUYER_VIEW_TRACE","messageBody":{"model":{"items":[{"x":1},{"orderId":7}]}}})");
  EXPECT_EQ(read.what, sort::order);
  EXPECT_EQ(read.hint.order_id, "7");
}

TEST(push_message, prefers_the_number_nearest_to_the_top) {
  EXPECT_EQ(read_message(R"({"messageBody":{"a":{"orderId":1},"orderId":2}})").hint.order_id, "2");
}

TEST(push_message, takes_what_names_no_order_as_something_else) {
  for (const auto* body : {"", "  ", "ping", "[]", "{}", R"({"echostr":"abc"})", R"({"messageBody":"not JSON"})",
                           R"({"messageBody":null})", R"({"messageBody":{"orderId":""}})",
                           R"({"messageBody":{"orderId":null,"orderNo":"null"}})",
                           R"({"messageBody":{"orderId":["1"]}})", R"({"messageBody":{"orderId":"a b;c"}})"})
    EXPECT_EQ(read_message(body).what, sort::other) << body;
}

TEST(push_message, refuses_what_begins_like_a_message_and_is_none) {
  for (const std::string body : {"{", "{]", R"({"a":1}x)", "{\"a\":\"\xff\"}", R"({"messageBody":{"orderId":}})"}) {
    const auto read = read_message(body);
    EXPECT_EQ(read.what, sort::invalid) << body;
    EXPECT_FALSE(read.problem.empty());
  }
}

std::string nested(int levels) {
  std::string text = R"("orderId":1)";
  for (int i = 0; i < levels - 1; ++i) text = "\"a\":{" + text + "}";
  return "{" + text + "}";
}

TEST(push_message, bounds_the_depth) {
  EXPECT_EQ(read_message(R"({"messageBody":)" + nested(deepest - 1) + "}").what, sort::order);
  EXPECT_EQ(read_message(R"({"messageBody":)" + nested(deepest) + "}").what, sort::invalid);
  EXPECT_EQ(read_message(R"({"messageBody":)" + nested(5'000) + "}").what, sort::invalid);
  EXPECT_EQ(read_message("{\"a\":" + std::string(30'000, '[') + std::string(30'000, ']') + "}").what, sort::invalid);
}

TEST(push_message, bounds_the_depth_of_a_body_that_is_text) {
  auto inner = nested(deepest + 1);
  std::string escaped;
  for (const char c : inner) escaped += c == '"' ? std::string{"\\\""} : std::string(1, c);
  EXPECT_EQ(read_message(R"({"messageBody":")" + escaped + "\"}").what, sort::invalid);
}

TEST(push_message, bounds_the_length) {
  const std::string body = R"({"messageBody":{"orderId":1}})";
  EXPECT_EQ(read_message(body + std::string(longest_body - body.size(), ' ')).what, sort::order);
  EXPECT_EQ(read_message(body + std::string(longest_body - body.size() + 1, ' ')).what, sort::invalid);
  EXPECT_EQ(read_message(fmt::format(R"({{"messageBody":{{"orderId":"{}"}}}})", std::string(65, '1'))).what,
            sort::other);
}

TEST(push_message, shows_a_type_in_visible_characters_only_and_cut) {
  const auto read = read_message("{\"messageType\":\"A\\u0001\\u001b[2J \xe4\xb8\xad" + std::string(200, 'x') +
                                 R"(","messageBody":{"orderId":1}})");
  EXPECT_EQ(read.what, sort::order);
  EXPECT_EQ(read.hint.type.size(), longest_type);
  EXPECT_EQ(read.hint.type.substr(0, 7), "A??[2J ");
  EXPECT_EQ(read.hint.type.substr(7, 3), "???");
}

TEST(push_message, loses_one_value_that_is_unusable_and_no_more) {
  const auto read = read_message(
      R"({"messageType":"\u0000","timestamp":1e999,"messageBody":{"x":"\ud800","orderId":1,"orderNo":"\u0000"}})");
  EXPECT_EQ(read.what, sort::order);
  EXPECT_EQ(read.hint.order_id, "1");
  EXPECT_EQ(read.hint.order_no, "");
  EXPECT_EQ(read.hint.type.find('\0'), std::string::npos);
}

TEST(push_message, ignores_a_time_that_is_none) {
  for (const auto* time : {"\"soon\"", "{}", "1e300", "-1e30", "\"\""}) {
    const auto read = read_message(fmt::format(R"({{"timestamp":{},"messageBody":{{"orderId":1}}}})", time));
    EXPECT_EQ(read.what, sort::order) << time;
    EXPECT_FALSE(read.hint.sent_at) << time;
  }
}

}  // namespace
}  // namespace ordersync::pandapon::push
