// Random damage to the real response: nothing crashes, no order gets an id that the reply does not hold.
#include "pandapon/decode.hpp"
#include "pandapon/sample.hpp"
#include "pandapon/utf8.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

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
  const auto whole = [](std::string_view text) { return valid_text_prefix(text) == text.size(); };
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
  int judged = 0;
  for (int round = 0; round < 30'000; ++round) {
    const auto body = damaged(original, engine);
    const auto page = decode_body(body, core::instant{});
    if (!page) continue;
    ++pages;
    for (const auto& order : page->orders) {
      ASSERT_NE(body.find(order.payload), std::string::npos);
      ASSERT_NO_FATAL_FAILURE(expect_storable(order));
      const auto id = id_as_boost_sees_it(order.payload);
      if (!id) continue;
      ++judged;
      ASSERT_EQ(order.id, *id) << order.payload;
    }
  }
  EXPECT_GT(pages, 5000);
  EXPECT_GT(judged, 3000);
}

TEST(fuzz, a_damaged_nested_text_never_costs_the_order) {
  std::mt19937_64 engine(42);
  for (int round = 0; round < 10'000; ++round) {
    const auto* key = std::array{"receiver", "cargoParamList", "orderJson", "warehouseAddressInfo"}[engine() % 4];
    auto content = damaged(content_of(sample_order().get(key)), engine);
    if (valid_text_prefix(content) != content.size() || content.find('\x01') != std::string::npos) continue;
    const auto order = decode(sample_order().set(key, as_text(content)));
    ASSERT_EQ(order.id, 1060631267218818995);
    ASSERT_EQ(order.items.size(), 1U);
    ASSERT_NO_FATAL_FAILURE(expect_storable(order));
  }
}

}  // namespace
}  // namespace ordersync::pandapon
