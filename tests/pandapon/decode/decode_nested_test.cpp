#include "pandapon/sample.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ordersync::pandapon::decode {
namespace {

using paths = std::vector<std::string>;

paths note_paths(const core::order& order) {
  paths all;
  for (const auto& note : order.notes) all.push_back(note.path);
  return all;
}

const std::vector<std::string> order_nested{"cargoParamList", "receiver", "warehouseAddressInfo", "orderJson"};
const std::vector<std::string> line_nested{"skuInfos", "productImgUrl"};

// An order whose nested field `key`, wherever it belongs, is served as `raw`.
core::order with_nested(const std::string& key, const std::string& raw) {
  const bool in_line = key == "skuInfos" || key == "productImgUrl";
  return decode_usable(in_line ? order_with_lines({sample_line().set(key, raw)}) : sample_order().set(key, raw));
}

std::string served(const std::string& key) {
  return key == "skuInfos" || key == "productImgUrl" ? sample_line().get(key) : sample_order().get(key);
}

std::string path_of(const std::string& key) {
  return key == "skuInfos" || key == "productImgUrl" ? "orderDetailInfoVOS[0]." + key : key;
}

void for_each_nested(const std::function<void(const std::string&)>& check) {
  for (const auto& key : order_nested) check(key);
  for (const auto& key : line_nested) check(key);
}

TEST(decode_nested, text_structure_and_encoded_twice_mean_the_same) {
  const auto whole = decode_usable(sample_order());
  for_each_nested([&](const std::string& key) {
    const auto content = content_of(served(key));
    for (const auto& raw : {content, as_text(content), as_text(as_text(content)), as_text(as_text(as_text(content)))}) {
      const auto order = with_nested(key, raw);
      EXPECT_TRUE(order.notes.empty()) << raw;
      EXPECT_EQ(order.content_hash, whole.content_hash) << raw;
    }
  });
}

TEST(decode_nested, nothing_is_nothing_in_all_its_spellings) {
  for_each_nested([&](const std::string& key) {
    for (const auto* raw : {"null", "\"\"", "\" \"", "\"null\"", "\"\\\"\\\"\"", "\"\\\"null\\\"\""}) {
      const auto order = with_nested(key, raw);
      EXPECT_TRUE(order.notes.empty()) << key << raw;
      EXPECT_EQ(order.cargo.empty(), key == "cargoParamList");
      EXPECT_EQ(order.receiver.has_value(), key != "receiver");
      EXPECT_EQ(order.warehouse_address.has_value(), key != "warehouseAddressInfo");
      EXPECT_EQ(order.submission_order_id.has_value(), key != "orderJson");
      EXPECT_EQ(order.items.at(0).sku_attributes.has_value(), key != "skuInfos");
      EXPECT_EQ(order.items.at(0).image_urls.has_value(), key != "productImgUrl");
    }
  });
}

TEST(decode_nested, what_does_not_parse_is_noted_with_its_raw_text_and_costs_nothing_else) {
  for_each_nested([&](const std::string& key) {
    for (const auto& raw :
         {std::string("\"{oops\""), std::string("\"http://example.com/a.jpg\""), std::string("7"), std::string("true"),
          std::string("\"\\ud800\""), as_text("7"), as_text(as_text(as_text(as_text(content_of(served(key))))))}) {
      const auto order = with_nested(key, raw);
      ASSERT_EQ(note_paths(order), paths{path_of(key)}) << raw;
      EXPECT_EQ(order.notes.at(0).raw, raw);
      EXPECT_EQ(order.cargo.empty(), key == "cargoParamList");
      EXPECT_EQ(order.receiver.has_value(), key != "receiver");
      EXPECT_EQ(order.warehouse_address.has_value(), key != "warehouseAddressInfo");
      EXPECT_EQ(order.submission_order_id.has_value(), key != "orderJson");
      ASSERT_EQ(order.items.size(), 1U);
      EXPECT_EQ(order.items.at(0).sku_attributes.has_value(), key != "skuInfos");
      EXPECT_EQ(order.items.at(0).image_urls.has_value(), key != "productImgUrl");
    }
  });
}

TEST(decode_nested, what_is_nested_too_deep_costs_the_value_it_is_in) {
  const auto deep = std::string(40, '[') + std::string(40, ']');
  for (const auto& raw :
       {R"({"toFullName":"a","toPost":)" + deep + "}", as_text(R"({"toFullName":"a","toPost":)" + deep + "}")}) {
    const auto order = with_nested("receiver", raw);
    EXPECT_EQ(note_paths(order), paths{"receiver.toPost"});
    EXPECT_EQ(order.notes.at(0).raw, deep);
    EXPECT_EQ(order.receiver.value().full_name, "a");
  }
  EXPECT_EQ(note_paths(with_nested("skuInfos", "[" + deep + "]")), paths{"orderDetailInfoVOS[0].skuInfos"});
  EXPECT_EQ(decode_usable(sample_order().set("newField", deep)).unknown_paths, paths{"newField"});
}

TEST(decode_nested, the_wrong_kind_of_structure_is_noted) {
  for_each_nested([&](const std::string& key) {
    const bool array = key == "cargoParamList" || key == "skuInfos" || key == "productImgUrl";
    EXPECT_EQ(note_paths(with_nested(key, array ? "{}" : "[]")), paths{path_of(key)});
    EXPECT_TRUE(with_nested(key, array ? "[]" : "{}").notes.empty());
  });
}

TEST(decode_nested, one_bad_value_inside_costs_itself_alone) {
  const auto order =
      decode_usable(sample_order().set("receiver", R"({"toFullName":"\ud800","toMobile":13900000000,"toPost":[]})"));
  EXPECT_EQ(note_paths(order), (paths{"receiver.toFullName", "receiver.toPost"}));
  EXPECT_FALSE(order.receiver.value().full_name);
  EXPECT_EQ(order.receiver.value().mobile, "13900000000");
}

TEST(decode_nested, cargo_elements_stand_alone) {
  const auto order = decode_usable(sample_order().set(
      "cargoParamList",
      R"([{"offerId":"742813083800","quantity":"2.50"},7,{"offerId":"x","quantity":"inf","specId":9}])"));
  ASSERT_EQ(order.cargo.size(), 2U);
  EXPECT_EQ(order.cargo[0].offer_id, 742813083800);
  EXPECT_EQ(order.cargo[0].quantity, "2.5");
  EXPECT_EQ(order.cargo[1].position, 2);
  EXPECT_FALSE(order.cargo[1].offer_id);
  EXPECT_EQ(order.cargo[1].spec_id, "9");
  EXPECT_EQ(note_paths(order), (paths{"cargoParamList[1]", "cargoParamList[2].offerId", "cargoParamList[2].quantity"}));
}

TEST(decode_nested, the_submission_says_success_inside_first) {
  const auto success = [](const char* json) {
    return decode_usable(sample_order().set("orderJson", json)).submission_success;
  };
  EXPECT_EQ(success(R"({"result":{"success":false},"success":true})"), false);
  EXPECT_EQ(success(R"({"result":{"success":"true"},"success":false})"), true);
  EXPECT_EQ(success(R"({"result":{},"success":1})"), true);
  EXPECT_EQ(success(R"({"result":null,"success":"false"})"), false);
  EXPECT_EQ(success(R"({})"), std::nullopt);
  const auto order = decode_usable(
      sample_order().set("orderJson", R"({"result":{"success":"maybe","postFee":"500"},"success":true})"));
  EXPECT_FALSE(order.submission_success);
  EXPECT_EQ(order.submission_post_fee_fen, 500);
  EXPECT_EQ(note_paths(order), paths{"orderJson.result.success"});
}

TEST(decode_nested, unknown_members_are_reported_with_their_path) {
  const auto line = sample_line().set("skuInfos", R"([{"name":"a","value":"b","skuImg":"c"}])");
  const auto order = decode_usable(order_with_lines({line})
                                       .set("orderJson", R"({"result":{"x":1},"y":2})")
                                       .set("receiver", R"({"toTown":"z"})")
                                       .set("cargoParamList", R"([{"openOfferId":1},{"openOfferId":2}])"));
  EXPECT_EQ(order.unknown_paths, (paths{"cargoParamList[].openOfferId", "orderDetailInfoVOS[].skuInfos[].skuImg",
                                        "orderJson.result.x", "orderJson.y", "receiver.toTown"}));
}

TEST(decode_nested, attributes_that_jsonb_would_refuse_or_change_are_noted) {
  for (const auto* raw : {R"([{"name":"a","name":"b"}])", R"([{"name":"\u0000"}])", R"([{"value":1e200000}])",
                          R"(["a"])", R"([{"a\u0000":1}])"}) {
    const auto order = with_nested("skuInfos", raw);
    EXPECT_FALSE(order.items.at(0).sku_attributes) << raw;
    EXPECT_EQ(note_paths(order), paths{"orderDetailInfoVOS[0].skuInfos"}) << raw;
  }
  EXPECT_EQ(with_nested("skuInfos", R"([ {"name" : "\u989c", "value": 1.50} ])").items.at(0).sku_attributes,
            R"([{"name":"\u989c","value":1.50}])");
}

TEST(decode_nested, image_urls_stand_alone) {
  const auto order = with_nested("productImgUrl", R"(["a",null,{},"",5])");
  EXPECT_EQ(order.items.at(0).image_urls.value(), (std::vector<std::string>{"a", "", "5"}));
  EXPECT_EQ(note_paths(order),
            (paths{"orderDetailInfoVOS[0].productImgUrl[1]", "orderDetailInfoVOS[0].productImgUrl[2]"}));
}

TEST(decode_items, keep_their_order_and_decimal_quantities) {
  const auto order = decode_usable(order_with_lines(
      {sample_line().set("quantity", "1.250"), sample_line().set("id", "\"8\"").set("quantity", "\"3\"")}));
  ASSERT_EQ(order.items.size(), 2U);
  EXPECT_EQ(order.items[0].quantity, "1.25");
  EXPECT_EQ(order.items[1].id, 8);
  EXPECT_EQ(order.items[1].position, 1);
  EXPECT_EQ(order.items[1].quantity, "3");
}

TEST(decode_items, a_line_without_a_usable_id_or_with_anothers_is_left_out_and_noted) {
  const auto order = decode_usable(
      order_with_lines({sample_line().set("id", "5"), sample_line().erase("id"), sample_line().set("id", "5"),
                        sample_line().set("id", "\"x\""), sample_line().set("id", "6")}));
  ASSERT_EQ(order.items.size(), 2U);
  EXPECT_EQ(order.items[1].id, 6);
  EXPECT_EQ(order.items[1].position, 4);
  EXPECT_EQ(note_paths(order), (paths{"orderDetailInfoVOS[1]", "orderDetailInfoVOS[2]", "orderDetailInfoVOS[3]"}));
  EXPECT_EQ(order.notes.at(0).raw, sample_line().erase("id").text());
}

TEST(decode_items, a_line_that_names_another_order_is_kept_and_noted) {
  const auto order = decode_usable(order_with_lines({sample_line().set("orderId", "\"1060631267218818996\"")}));
  EXPECT_EQ(order.items.size(), 1U);
  EXPECT_EQ(note_paths(order), paths{"orderDetailInfoVOS[0].orderId"});
  EXPECT_TRUE(decode_usable(order_with_lines({sample_line().erase("orderId")})).notes.empty());
}

TEST(decode_items, what_is_no_line_is_noted) {
  const auto order = decode_usable(sample_order().set("orderDetailInfoVOS", "[null,7," + sample_line().text() + "]"));
  ASSERT_EQ(order.items.size(), 1U);
  EXPECT_EQ(order.items[0].position, 2);
  EXPECT_EQ(note_paths(order), (paths{"orderDetailInfoVOS[0]", "orderDetailInfoVOS[1]"}));
}

}  // namespace
}  // namespace ordersync::pandapon::decode
