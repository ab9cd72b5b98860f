#include "truth.hpp"

#include "asking.hpp"
#include "compose.hpp"
#include "field_forms.hpp"
#include "wire.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace pandapon_sim::testing {
namespace {

namespace json = boost::json;

std::string wire(const order& o) {
  std::string out;
  write_wire(out, o);
  return out;
}

json::object true_order(const order& o) {
  std::string out;
  write_truth(out, o);
  return json::parse(out).as_object();
}

/// Plain, with two lines.
order plain_order() {
  const recipe from{1, 0, 8};
  for (std::uint32_t serial = 0;; ++serial) {
    order o = compose(from, {noon, serial, 0, -3});
    if (o.lines.size() == 2) return o;
  }
}

TEST(truth, agrees_with_what_is_served_where_nothing_is_odd) {
  const order o = plain_order();
  const json::object served = json::parse(wire(o)).as_object();
  const json::object held = true_order(o);
  EXPECT_EQ(held.at("id"), served.at("id"));
  EXPECT_EQ(held.at("total_amount_fen"), served.at("totalAmount"));
  EXPECT_EQ(held.at("order_no"), served.at("orderNo"));
  EXPECT_EQ(held.at("created_at"), "2024-05-07T04:00:00.000Z");
  EXPECT_EQ(held.at("tb_created_at"), "2024-05-07T03:59:57.000Z");
  const json::value to = json::parse(served.at("receiver").as_string());
  EXPECT_EQ(held.at("receiver").at("address"), to.at("toArea"));
  EXPECT_EQ(held.at("receiver").at("post_code"), to.at("toPost"));
  const json::value submitted = json::parse(served.at("orderJson").as_string());
  EXPECT_EQ(held.at("submission_total_fen"), submitted.at("result").at("totalSuccessAmount"));
  EXPECT_EQ(held.at("submission_success"), true);
  const json::value& second = served.at("orderDetailInfoVOS").at(1);
  EXPECT_EQ(held.at("items").at(1).at("position"), 1);
  EXPECT_EQ(held.at("items").at(1).at("item_amount_fen"), second.at("itemAmount"));
  EXPECT_EQ(held.at("items").at(1).at("sku_attributes"), json::parse(second.at("skuInfos").as_string()));
  EXPECT_EQ(held.at("items").at(1).at("image_urls"), json::parse(second.at("productImgUrl").as_string()));
  EXPECT_EQ(held.at("cargo").at(1).at("spec_id"), second.at("specId"));
  EXPECT_TRUE(held.at("quarantined").as_array().empty());
}

TEST(truth, does_not_change_with_the_dress_of_a_readable_field) {
  order o = plain_order();
  const json::object before = true_order(o);
  const std::string plain = wire(o);
  for (const nesting as : {nesting::structure, nesting::twice}) {
    o.receiver_info.as = o.cargo.as = o.warehouse.as = o.submission_info.as = as;
    o.lines[0].sku_attributes.as = o.lines[0].image_urls.as = as;
    EXPECT_EQ(true_order(o), before);
    EXPECT_NE(wire(o), plain);
  }
  o.id.as = o.total_amount.as = o.created.as = o.order_no.as = o.lines[0].quantity.as = form::other_type;
  EXPECT_EQ(true_order(o), before);
}

TEST(truth, does_not_change_from_call_to_call) {
  const recipe from{1, 1000, 8};
  int differing = 0;
  for (std::uint32_t serial = 0; serial < 200; ++serial) {
    const record of{noon, serial, 0, 2};
    const order own = compose(from, of);
    order changed = own;
    change_forms(changed, from, of, 17);
    EXPECT_EQ(true_order(changed), true_order(own));
    differing += wire(changed) != wire(own);
  }
  EXPECT_GT(differing, 150);
}

TEST(truth, has_no_row_for_what_is_empty_and_reports_what_is_broken) {
  order o = plain_order();
  for (const nesting as : {nesting::empty, nesting::null, nesting::absent, nesting::word_null}) {
    o.receiver_info.as = o.cargo.as = o.submission_info.as = o.lines[1].sku_attributes.as = as;
    const json::object held = true_order(o);
    EXPECT_TRUE(held.at("receiver").is_null());
    EXPECT_TRUE(held.at("cargo").as_array().empty());
    EXPECT_TRUE(held.at("submission_success").is_null());
    EXPECT_TRUE(held.at("submission_order_id").is_null());
    EXPECT_TRUE(held.at("items").at(1).at("sku_attributes").is_null());
    EXPECT_TRUE(held.at("quarantined").as_array().empty());
  }
  o.receiver_info.as = o.lines[1].sku_attributes.as = nesting::malformed;
  EXPECT_EQ(json::serialize(true_order(o).at("quarantined")), R"(["receiver","orderDetailInfoVOS[1].skuInfos"])");
}

TEST(truth, keeps_texts_as_they_are_and_distinguishes_null_from_empty) {
  order o = plain_order();
  o.flow.value = "";
  o.trade_type.value = "null";
  o.close_reason.as = form::absent;
  o.seller_login_id.as = form::null;
  o.lines[0].name.value = " \"\\\n\t😀";
  const json::object held = true_order(o);
  EXPECT_EQ(held.at("flow"), "");
  EXPECT_EQ(held.at("trade_type"), "null");
  EXPECT_TRUE(held.at("close_reason").is_null());
  EXPECT_TRUE(held.at("seller_login_id").is_null());
  EXPECT_EQ(held.at("items").at(0).at("name"), " \"\\\n\t😀");
  EXPECT_EQ(json::parse(wire(o)).at("orderDetailInfoVOS").at(0).at("name"), " \"\\\n\t😀");
}

TEST(truth, writes_decimal_quantities_without_loss) {
  order o = plain_order();
  for (const auto& [thousandths, text] : std::map<std::int64_t, const char*>{
           {1500, "1.5"}, {2000, "2"}, {1, "0.001"}, {120, "0.12"}, {10'050, "10.05"}, {100'000, "100"}}) {
    o.lines[0].quantity.thousandths = thousandths;
    std::string out;
    write_truth(out, o);
    EXPECT_NE(out.find("\"quantity\":" + std::string(text) + ",\"unit\""), std::string::npos) << text;
  }
}

TEST(wire, malformed_fields_cannot_be_read_whatever_broke_them) {
  order o = plain_order();
  o.receiver_info.as = o.lines[0].image_urls.as = o.submission_info.as = o.cargo.as = nesting::malformed;
  for (std::uint8_t way = 0; way < 6; ++way) {
    o.receiver_info.damage = o.lines[0].image_urls.damage = o.submission_info.damage = o.cargo.damage = way;
    const json::object served = json::parse(wire(o)).as_object();
    boost::system::error_code error;
    for (const json::value* text : {&served.at("receiver"), &served.at("orderJson"), &served.at("cargoParamList"),
                                    &served.at("orderDetailInfoVOS").at(0).at("productImgUrl")}) {
      json::parse(text->as_string(), error);
      EXPECT_TRUE(error) << "way " << int{way} << ": " << text->as_string();
      EXPECT_FALSE(text->as_string().empty());
    }
  }
}

TEST(wire, every_order_is_json_and_every_oddity_occurs) {
  world w(some_orders(3000, 10));
  std::map<std::string, int> kinds;
  for (const entry which : w.orders.select({})) {
    std::string out;
    w.orders.write_wire(out, which);
    const json::object o = json::parse(out).as_object();
    const json::value* to = o.if_contains("receiver");
    if (to == nullptr)
      ++kinds["absent"];
    else if (to->is_null())
      ++kinds["null"];
    else if (to->is_object())
      ++kinds["structure"];
    else if (to->as_string().empty())
      ++kinds["empty"];
    else if (to->as_string() == "null")
      ++kinds["word null"];
    else if (to->as_string().starts_with('"'))
      ++kinds["twice"];
    if (o.at("id").is_string()) ++kinds["number as text"];
    if (o.contains("orderNo") && o.at("orderNo").is_number()) ++kinds["text as number"];
    if (o.contains("warehouseRemark")) ++kinds["unknown field"];
    if (o.contains("discount") && o.at("discount").is_int64() && o.at("discount").as_int64() < 0) ++kinds["discount"];
  }
  EXPECT_EQ(kinds.size(), 10U);
}

}  // namespace
}  // namespace pandapon_sim::testing
