// Random damage to the real response: nothing crashes, no order gets an id that the reply does not hold.
#include "pandapon/decode/decode.hpp"
#include "pandapon/sample.hpp"
#include "pandapon/text/utf8.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ordersync::pandapon {
namespace {

std::string damaged(std::string text, std::mt19937_64& engine) {
  constexpr std::string_view pieces[] = {
      "\"",      "\\",         "{",         "}",       "[", "]", ",",  ":",  "null", "\\u0000",
      "\\ud800", "1e9",        "\xFF",      "\x01",    "-", "0", ".5", "id", "true", "[[[[[[[[[[[[[[[[[[",
      "\\\"",    "{\"id\":7}", "\"id\":8,", "\xE4\xBB"};
  for (auto edits = engine() % 4 + 1; edits > 0 && !text.empty(); --edits) {
    const auto at = engine() % text.size();
    const auto& piece = pieces[engine() % std::size(pieces)];
    switch (engine() % 4) {
      case 0:
        text.insert(at, piece);
        break;
      case 1:
        text.replace(at, piece.size(), piece);
        break;
      case 2:
        text.erase(at, engine() % 20);
        break;
      default:
        text.insert(engine() % text.size(), text.substr(at, engine() % 100));
    }
  }
  return text;
}

// All that an order hands to a database must be text that a database takes.
void expect_storable(const core::order& order) {
  const auto whole = [](std::string_view text) { return text::valid_text_prefix(text) == text.size(); };
  ASSERT_TRUE(whole(order.payload));
  for (const auto& note : order.notes) ASSERT_TRUE(whole(note.raw) && whole(note.path) && whole(note.reason));
  for (const auto& path : order.unknown_paths) ASSERT_TRUE(whole(path));
  for (const auto& text : {order.flow, order.order_no, order.trade_type, order.seller_login_id, order.user_id}) {
    ASSERT_TRUE(!text || whole(*text));
  }
  for (const auto& item : order.items) {
    ASSERT_TRUE(!item.name || whole(*item.name));
    if (!item.sku_attributes) continue;
    boost::system::error_code failed;
    ASSERT_TRUE(boost::json::parse(*item.sku_attributes, failed).is_array() && !failed) << *item.sku_attributes;
  }
}

// What a general library reads as the order's id, where it reads the order at all.
std::optional<std::int64_t> id_as_boost_sees_it(const std::string& payload) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(payload, failed);
  if (failed || !value.is_object()) return std::nullopt;
  const auto* id = value.as_object().if_contains("id");
  return id != nullptr && id->is_int64() ? std::optional(id->as_int64()) : std::nullopt;
}

TEST(fuzz, a_damaged_reply_never_crashes_and_never_gives_a_wrong_id) {
  const auto original = sample_page();
  std::mt19937_64 engine(1688);
  int pages = 0;
  int replies = 0;
  for (int round = 0; round < 30'000; ++round) {
    const auto body = damaged(original, engine);
    const auto page = decode::decode_body(body, core::instant{});
    if (!page) continue;
    ++pages;
    for (const auto& order : page->orders) {
      ASSERT_NE(body.find(order.payload), std::string::npos);
      ASSERT_NO_FATAL_FAILURE(expect_storable(order));
      const auto id = id_as_boost_sees_it(order.payload);
      if (!id) continue;
      ++replies;
      ASSERT_EQ(order.id, *id) << order.payload;
    }
  }
  EXPECT_GT(pages, 5000);
  EXPECT_GT(replies, 3000);
}

bool spells(const boost::json::value* value, std::int64_t number) {
  if (value == nullptr) return false;
  if (value->is_string()) return value->as_string() == std::to_string(number);
  return (value->is_int64() && value->as_int64() == number) ||
         (value->is_double() && value->as_double() == static_cast<double>(number));
}

bool empty_list(const boost::json::value* value) {
  return value != nullptr && value->is_array() && value->as_array().empty();
}

// Whether a general library, strict, reads an empty page of one of the known shapes.
bool empty_page_as_boost_sees_it(std::string_view body) {
  while (!body.empty() && std::string_view(" \t\r\n\xEF\xBB\xBF").find(body.front()) != body.npos)
    body.remove_prefix(1);
  boost::system::error_code failed;
  const auto value = boost::json::parse(body, failed);
  if (failed || !value.is_object() || !spells(value.as_object().if_contains("code"), 200)) return false;
  const auto& page = value.as_object();
  const auto* data = page.if_contains("data");
  if (data == nullptr || data->is_null() || empty_list(data)) return spells(page.if_contains("total"), 0);
  if (!data->is_object() || !spells(data->as_object().if_contains("total"), 0)) return false;
  const auto& inner = data->as_object();
  return std::any_of(inner.begin(), inner.end(), [](const auto& one) { return empty_list(&one.value()); });
}

TEST(fuzz, a_damaged_empty_page_is_empty_only_where_a_strict_reader_says_so) {
  constexpr std::string_view originals[] = {
      R"({"total":0,"data":[],"code":200})", R"({"total":0,"data":null,"code":200,"msg":"success"})",
      R"({"requestId":"a1","code":200,"developId":"7","msg":"\u6210\u529f","data":{"total":0,"list":[],"pages":[1,2]}})"};
  std::mt19937_64 engine(2040);
  int taken = 0;
  int foreign = 0;
  for (int round = 0; round < 60'000; ++round) {
    const auto body = damaged(std::string(originals[engine() % std::size(originals)]), engine);
    const auto page = decode::decode_body(body, core::instant{});
    const bool empty = page && page->total == 0 && page->rows() == 0;
    const bool expected = empty_page_as_boost_sees_it(body);
    ++(empty ? taken : foreign);
    if (empty) {
      ASSERT_TRUE(expected) << body;
    }
  }
  EXPECT_GT(taken, 1000);
  EXPECT_GT(foreign, 2000);
}

TEST(fuzz, a_damaged_nested_text_never_costs_the_order) {
  std::mt19937_64 engine(42);
  for (int round = 0; round < 10'000; ++round) {
    const auto* key = std::array{"receiver", "cargoParamList", "orderJson", "warehouseAddressInfo"}[engine() % 4];
    auto content = damaged(content_of(sample_order().get(key)), engine);
    if (text::valid_text_prefix(content) != content.size() || content.find('\x01') != std::string::npos) continue;
    const auto order = decode_usable(sample_order().set(key, as_text(content)));
    ASSERT_EQ(order.id, 1060631267218818995);
    ASSERT_EQ(order.items.size(), 1U);
    ASSERT_NO_FATAL_FAILURE(expect_storable(order));
  }
}

}  // namespace
}  // namespace ordersync::pandapon
