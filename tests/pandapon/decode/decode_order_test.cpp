#include "pandapon/decode/decode_order.hpp"

#include "pandapon/decode/decode.hpp"
#include "pandapon/sample.hpp"

#include <gtest/gtest.h>

namespace ordersync::pandapon::decode {
namespace {

using paths = std::vector<std::string>;

paths note_paths(const core::order& order) {
  paths all;
  for (const auto& note : order.notes) all.push_back(note.path);
  return all;
}

TEST(decode_order, numbers_as_text_and_text_as_numbers_are_taken) {
  const auto order = decode_usable(sample_order()
                                       .set("id", "\"1060631267218818995\"")
                                       .set("developId", "\"1053981698523398640\"")
                                       .set("discount", "\"-150\"")
                                       .set("orderNo", "1060631267218817636")
                                       .set("userId", "2217225334051")
                                       .set("orderStatus", "\"5\"")
                                       .set("createTime", "\"1704451800000\""));
  EXPECT_EQ(order.id, 1060631267218818995);
  EXPECT_EQ(order.develop_id, 1053981698523398640);
  EXPECT_EQ(order.discount_fen, -150);
  EXPECT_EQ(order.order_no, "1060631267218817636");
  EXPECT_EQ(order.user_id, "2217225334051");
  EXPECT_EQ(order.order_status, 5);
  EXPECT_EQ(order.created_at, decode_usable(sample_order()).created_at);
  EXPECT_TRUE(order.notes.empty());
}

TEST(decode_order, absent_and_null_are_null_and_empty_text_stays) {
  auto object =
      sample_order().erase("flow").set("closeReason", "null").set("tradeType", "\"\"").set("orderNo", "\" \"");
  const auto order = decode_usable(object.erase("orderDetailInfoVOS").erase("createTime").set("totalAmount", "null"));
  EXPECT_FALSE(order.flow);
  EXPECT_FALSE(order.close_reason);
  EXPECT_EQ(order.trade_type, "");
  EXPECT_EQ(order.order_no, " ");
  EXPECT_FALSE(order.total_amount_fen);
  EXPECT_FALSE(order.created_at);
  EXPECT_TRUE(order.items.empty());
  EXPECT_TRUE(order.notes.empty());
}

TEST(decode_order, any_field_but_the_id_may_be_absent_or_null) {
  for (const auto& key : sample_order().keys()) {
    if (key == "id") continue;
    EXPECT_TRUE(decode_usable(sample_order().erase(key)).notes.empty()) << key;
    EXPECT_TRUE(decode_usable(sample_order().set(key, "null")).notes.empty()) << key;
  }
}

// Whatever stands in a field, it costs that field alone, and is kept.
TEST(decode_order, what_cannot_be_used_is_null_noted_and_costs_nothing_else) {
  const auto whole = decode_usable(sample_order());
  for (const auto& key : sample_order().keys()) {
    if (key == "id") continue;
    const auto* nonsense = key == "orderDetailInfoVOS" || key == "cargoParamList" ? "{\"x\":1}" : "[true]";
    const auto order = decode_usable(sample_order().set(key, nonsense));
    EXPECT_EQ(note_paths(order), paths{key});
    EXPECT_EQ(order.notes.at(0).raw, nonsense);
    EXPECT_EQ(order.id, whole.id);
    EXPECT_EQ(order.items.size(), key == "orderDetailInfoVOS" ? 0U : 1U);
    EXPECT_EQ(order.receiver.has_value(), key != "receiver");
    EXPECT_EQ(order.total_amount_fen.has_value(), key != "totalAmount");
    EXPECT_EQ(order.user_id.has_value(), key != "userId");
  }
}

TEST(decode_order, numbers_that_fit_no_column_are_noted) {
  for (const auto* number : {"9223372036854775808", "1e400", "0.5", "1e999999999999", "\"abc\""}) {
    const auto order = decode_usable(sample_order().set("totalAmount", number));
    EXPECT_FALSE(order.total_amount_fen) << number;
    EXPECT_EQ(note_paths(order), paths{"totalAmount"}) << number;
    EXPECT_EQ(order.notes.at(0).raw, number);
  }
  EXPECT_EQ(note_paths(decode_usable(sample_order().set("payStatus", "4294967296"))), paths{"payStatus"});
  EXPECT_EQ(note_paths(decode_usable(sample_order().set("tbCreateTime", "99999999999999999"))), paths{"tbCreateTime"});
}

TEST(decode_order, a_nul_or_lone_surrogate_costs_its_field) {
  const auto order = decode_usable(sample_order().set("flow", R"("a\u0000b")").set("closeReason", R"("\ud83d")"));
  EXPECT_FALSE(order.flow);
  EXPECT_FALSE(order.close_reason);
  EXPECT_EQ(note_paths(order), (paths{"closeReason", "flow"}));
  EXPECT_EQ(order.notes.at(1).raw, R"("a\u0000b")");
  EXPECT_EQ(order.items.size(), 1U);
}

TEST(decode_order, a_key_served_twice_is_used_only_when_both_say_the_same) {
  EXPECT_TRUE(decode_usable(sample_order().add("totalAmount", "4518")).notes.empty());
  const auto order = decode_usable(sample_order().add("totalAmount", "4519"));
  EXPECT_FALSE(order.total_amount_fen);
  EXPECT_EQ(note_paths(order), paths{"totalAmount"});
  EXPECT_EQ(order.notes.at(0).raw, "4518, 4519");
}

TEST(decode_order, an_order_without_a_usable_id_is_unusable_whole) {
  for (const auto* id : {"null", "\"\"", "\"abc\"", "0", "-5", "9223372036854775808", "1.5", "true", "[]", "1e400"}) {
    const auto json = sample_order().set("id", id).text();
    const auto unusable = decode_unusable(json);
    EXPECT_EQ(unusable.path, "data[3]");
    EXPECT_NE(unusable.reason, "");
    EXPECT_EQ(unusable.raw, json);
  }
  decode_unusable(sample_order().erase("id").text());
  decode_unusable(sample_order().add("id", "1060631267218818996").text());
  EXPECT_EQ(decode_usable(sample_order().add("id", "1060631267218818995")).id, 1060631267218818995);
}

TEST(decode_order, what_is_no_object_of_valid_text_is_unusable) {
  using namespace std::string_literals;
  for (const auto& json : {"null"s, "7"s, "\"{}\""s, "[]"s, "{\"id\":1"s, "{\"id\":tru}"s}) {
    EXPECT_EQ(decode_unusable(json).raw, json);
  }
  EXPECT_EQ(decode_unusable("{\"id\":1,\"flow\":\"\xFF\"}"s).raw, "{\"id\":1,\"flow\":\"\\xFF\"}");
  EXPECT_EQ(decode_unusable("{\"id\":1,\"flow\":\"\0\"}"s).raw, "{\"id\":1,\"flow\":\"\\x00\"}");
}

TEST(decode_order, unknown_fields_and_numbers_are_reported_and_cost_nothing) {
  const auto line = sample_line().set("newInLine", "{\"a\":1}").set("status", "42");
  const auto order = decode_usable(order_with_lines({line, sample_line().set("id", "7").set("newInLine", "2")})
                                       .set("newField", "\"x\"")
                                       .set("orderStatus", "9")
                                       .set("payStatus", "3")
                                       .set("refundStatus", "77"));
  EXPECT_EQ(order.unknown_paths, (paths{"newField", "orderDetailInfoVOS[].newInLine", "orderDetailInfoVOS[].status=42",
                                        "orderStatus=9", "payStatus=3"}));
  EXPECT_EQ(order.order_status, 9);
  EXPECT_EQ(order.items.at(0).status, 42);
  EXPECT_TRUE(order.notes.empty());
}

TEST(decode_order, unknown_paths_are_bounded) {
  auto object = sample_order();
  for (int i = 0; i < 1000; ++i) object.add("k" + std::to_string(i), "1");
  EXPECT_LE(decode_usable(object.add(std::string(5000, 'k'), "1")).unknown_paths.size(), 64U);
}

TEST(decode_page, a_broken_order_costs_no_neighbour) {
  const auto good = sample_order();
  auto other = sample_order().set("id", "5");
  const auto body = "{\"code\":\"200\",\"total\":\"5\",\"data\":[" + good.text() + ",{\"id\":nonsense}," +
                    other.text() + ",null,{\"flow\":\"\xFF\",\"id\":6}]}";
  const auto page = decode_body(body, core::instant{}).value();
  EXPECT_EQ(page.total, 5);
  EXPECT_EQ(page.rows(), 5U);
  ASSERT_EQ(page.orders.size(), 2U);
  EXPECT_EQ(page.orders[0].payload, good.text());
  EXPECT_EQ(page.orders[1].id, 5);
  ASSERT_EQ(page.unusable.size(), 3U);
  EXPECT_EQ(page.unusable[0].path, "data[1]");
  EXPECT_EQ(page.unusable[2].path, "data[4]");
}

TEST(decode_order, a_status_in_documented_words_is_a_number_and_another_is_quarantined) {
  const auto known = decode_usable(sample_order().set("orderStatus", "\"waitbuyersign\""));
  EXPECT_EQ(known.order_status, 3);
  EXPECT_TRUE(known.notes.empty());
  EXPECT_TRUE(known.unknown_paths.empty());
  const auto line = decode_usable(order_with_lines({sample_line().set("status", "\"cancel\"")}));
  EXPECT_EQ(line.items.at(0).status, 6);
  const auto unknown = decode_usable(sample_order().set("orderStatus", "\"vanished\""));
  EXPECT_FALSE(unknown.order_status);
  ASSERT_EQ(unknown.notes.size(), 1U);
  EXPECT_EQ(unknown.notes[0].path, "orderStatus");
}

}  // namespace
}  // namespace ordersync::pandapon::decode
