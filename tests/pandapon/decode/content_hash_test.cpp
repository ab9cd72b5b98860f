#include "pandapon/decode/content_hash.hpp"

#include "pandapon/sample.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ordersync::pandapon::decode {
namespace {

core::sha256 hash_of(const editable_object& order) {
  return decode_usable(order).content_hash;
}

TEST(content_hash, the_payload_has_its_own) {
  const auto order = decode_usable(sample_order());
  EXPECT_EQ(order.payload_sha256, core::sha256_of(order.payload));
  EXPECT_NE(order.payload_sha256, order.content_hash);
}

TEST(content_hash, does_not_see_how_the_api_spells_the_same_content) {
  const auto usual = hash_of(sample_order());
  EXPECT_EQ(hash_of(sample_order().reverse()), usual);
  EXPECT_EQ(hash_of(order_with_lines({sample_line().reverse()})), usual);
  EXPECT_EQ(hash_of(sample_order().set("totalAmount", "\"4518\"").set("userId", "2217225334051")), usual);
  EXPECT_EQ(hash_of(sample_order().set("totalAmount", "4518.0").set("flow", R"("\u0067eneral")")), usual);
  EXPECT_EQ(hash_of(sample_order().set("orderJson", content_of(sample_order().get("orderJson")))), usual);
  EXPECT_EQ(hash_of(order_with_lines({sample_line().set("quantity", "\"1.0\"")})), usual);
  EXPECT_EQ(hash_of(order_with_lines({sample_line().set(
                "skuInfos", R"([{"value":"红色","name":"颜色"},{"name":"适合身高","value":"73CM"}])")})),
            usual);
}

TEST(content_hash, a_status_in_words_is_its_number) {
  EXPECT_EQ(hash_of(sample_order().set("orderStatus", "\"terminated\"")), hash_of(sample_order()));
  EXPECT_EQ(hash_of(order_with_lines({sample_line().set("status", "\"TERMINATED\"")})), hash_of(sample_order()));
  EXPECT_NE(hash_of(sample_order().set("orderStatus", "\"success\"")), hash_of(sample_order()));
}

TEST(content_hash, null_and_absent_are_equal_but_empty_text_is_not) {
  EXPECT_EQ(hash_of(sample_order().set("flow", "null")), hash_of(sample_order().erase("flow")));
  EXPECT_NE(hash_of(sample_order().set("flow", "\"\"")), hash_of(sample_order().erase("flow")));
}

// Every difference makes a hash of its own.
TEST(content_hash, sees_every_change) {
  std::set<core::sha256> seen{hash_of(sample_order())};
  const auto expect_new = [&](const editable_object& order, const std::string& what) {
    EXPECT_TRUE(seen.insert(hash_of(order)).second) << what;
  };
  for (const auto& key : sample_order().keys()) {
    if (key != "id") expect_new(sample_order().erase(key), key);
  }
  for (const auto& key : sample_line().keys()) {
    if (key != "id" && key != "orderId") expect_new(order_with_lines({sample_line().erase(key)}), "line " + key);
  }
  for (const auto* key : {"cargoParamList", "receiver", "warehouseAddressInfo"}) {
    auto content = content_of(sample_order().get(key));
    const auto array = content.front() == '[';
    auto object = editable_object(array ? first_element(content) : content);
    for (const auto& member : object.keys()) {
      const auto changed = editable_object(object).set(member, "77").text();
      expect_new(sample_order().set(key, array ? "[" + changed + "]" : changed), std::string(key) + "." + member);
    }
  }
  expect_new(sample_order().set("id", "5"), "id");
  expect_new(sample_order().set("newField", "1"), "an unknown field");
  expect_new(sample_order().set("newField", "2"), "an unknown field's value");
  expect_new(sample_order().set("newField", "{\"a\":1}"), "an unknown field's structure");
  expect_new(order_with_lines({sample_line().set("newField", "1")}), "an unknown field of a line");
  expect_new(sample_order().set("receiver", "\"{oops\""), "a note");
  expect_new(sample_order().set("receiver", "\"{oops!\""), "a note's raw text");
  expect_new(sample_order().set("orderJson", R"({"result":{"orderList":[1]}})"), "a known value without a column");
  expect_new(sample_order().set("orderJson", R"({"result":{"orderList":[2]}})"), "its content");
  expect_new(order_with_lines({sample_line(), sample_line().set("id", "7")}), "a second line");
  expect_new(order_with_lines({sample_line().set("id", "7"), sample_line()}), "the lines' order");
}

// What moves from one text to its neighbour must not look the same.
TEST(content_hash, texts_do_not_run_into_each_other) {
  EXPECT_NE(hash_of(sample_order().set("orderNo", "\"ab\"").set("tbOrderId", "\"c\"")),
            hash_of(sample_order().set("orderNo", "\"a\"").set("tbOrderId", "\"bc\"")));
  EXPECT_NE(hash_of(sample_order().set("orderNo", "\"a\"").set("tbOrderId", "null")),
            hash_of(sample_order().set("orderNo", "null").set("tbOrderId", "\"a\"")));
}

// The stored hashes depend on it: a change here means that every order is written anew once.
TEST(content_hash, of_the_sample_stays_what_it_is) {
  EXPECT_EQ(core::to_hex(hash_of(sample_order())), "d23176f91c7aadf18c133fe55ab0bd1b66e8d34665560c5463fce74ef99e4cf8");
}

}  // namespace
}  // namespace ordersync::pandapon::decode
