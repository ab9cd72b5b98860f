// The vendor's real response, field by field.
#include "pandapon/sample.hpp"

#include "pandapon/decode/decode.hpp"

#include <gtest/gtest.h>

namespace ordersync::pandapon {
namespace {

using std::chrono::milliseconds;

class sample : public ::testing::Test {
 protected:
  static const sync::page& page() {
    static const auto decoded = decode::decode_body(sample_page(), core::instant{milliseconds{1715669977082}}).value();
    return decoded;
  }
  static const core::order& order() { return page().orders.at(0); }
  static const core::order_item& item() { return order().items.at(0); }
};

TEST_F(sample, is_one_page_of_one_order) {
  EXPECT_EQ(page().total, 1);
  EXPECT_EQ(page().orders.size(), 1U);
  EXPECT_TRUE(page().unusable.empty());
  EXPECT_EQ(page().observed_at, core::instant{milliseconds{1715669977082}});
  EXPECT_EQ(order().observed_at, page().observed_at);
}

TEST_F(sample, its_stored_payload_decodes_to_the_same_order) {
  const auto again = decode::decode_order_text(order().payload, order().observed_at);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->id, order().id);
  EXPECT_EQ(again->content_hash, order().content_hash);
  EXPECT_EQ(again->payload_sha256, order().payload_sha256);
  EXPECT_EQ(again->observed_at, order().observed_at);
  EXPECT_FALSE(decode::decode_order_text("{}", order().observed_at).has_value());
}

TEST_F(sample, every_field_of_the_order) {
  EXPECT_EQ(order().id, 1060631267218818995);
  EXPECT_EQ(order().develop_id, 1053981698523398640);
  EXPECT_EQ(order().flow, "general");
  EXPECT_EQ(order().order_no, "1060631267218817636");
  EXPECT_EQ(order().tb_order_id, "2042894174938880794");
  EXPECT_EQ(order().discount_fen, 0);
  EXPECT_EQ(order().product_amount_fen, 4650);
  EXPECT_EQ(order().shipping_fee_fen, 500);
  EXPECT_EQ(order().total_amount_fen, 4518);
  EXPECT_EQ(order().refund_amount_fen, 0);
  EXPECT_EQ(order().sub_buyer_login_id, "pandaponpp2023:nhcn4");
  EXPECT_EQ(order().close_reason, "other");
  EXPECT_EQ(order().seller_login_id, "布丁果果服饰children");
  EXPECT_EQ(order().is_invoice, 0);
  EXPECT_EQ(order().trade_type, "担保交易");
  EXPECT_EQ(order().pay_status, 1);
  EXPECT_EQ(order().order_status, 7);
  EXPECT_EQ(order().refund_status, 0);
  EXPECT_EQ(order().user_id, "2217225334051");
  EXPECT_EQ(order().created_at, core::instant{milliseconds{1704451800000}});
  EXPECT_EQ(order().platform_order, 0);
  EXPECT_EQ(order().tb_created_at, core::instant{milliseconds{1704451799000}});
}

TEST_F(sample, what_its_nested_json_says) {
  EXPECT_EQ(order().submission_success, true);
  EXPECT_EQ(order().submission_order_id, "2042894174938880794");
  EXPECT_EQ(order().submission_post_fee_fen, 500);
  EXPECT_EQ(order().submission_total_fen, 4518);
  ASSERT_EQ(order().cargo.size(), 1U);
  EXPECT_EQ(order().cargo[0].position, 0);
  EXPECT_EQ(order().cargo[0].offer_id, 742813083800);
  EXPECT_EQ(order().cargo[0].spec_id, "9b499234b4238c510eb66fb3768f00e7");
  EXPECT_EQ(order().cargo[0].quantity, "1");
}

TEST_F(sample, its_addresses) {
  const auto& receiver = order().receiver.value();
  EXPECT_EQ(receiver.full_name, "669433");
  EXPECT_EQ(receiver.mobile, "18275942991");
  EXPECT_EQ(receiver.phone, "");
  EXPECT_EQ(receiver.post_code, "532600");
  EXPECT_EQ(receiver.division_code, "451481");
  EXPECT_EQ(receiver.address, "广西壮族自治区 崇左市 凭祥市 广西壮族自治区省 凭祥镇 皇龙聚6栋19号HN仓库KH7");
  const auto& warehouse = order().warehouse_address.value();
  EXPECT_EQ(warehouse.full_name, "669433");
  EXPECT_EQ(warehouse.mobile, "18275942991");
  EXPECT_EQ(warehouse.phone, "");
  EXPECT_EQ(warehouse.post_code, "532600");
  EXPECT_EQ(warehouse.city, "崇左市");
  EXPECT_EQ(warehouse.province, "凭祥市区");
  EXPECT_EQ(warehouse.area, "凭祥市区");
  EXPECT_EQ(warehouse.town, "广西壮族自治区省");
  EXPECT_EQ(warehouse.address, "凭祥镇 皇龙聚6栋19号HN仓库KH7");
  EXPECT_EQ(warehouse.district_code, "451481");
}

TEST_F(sample, every_field_of_its_line) {
  ASSERT_EQ(order().items.size(), 1U);
  EXPECT_EQ(item().id, 1060631267231400635);
  EXPECT_EQ(item().position, 0);
  EXPECT_EQ(item().sub_tb_order_id, "2042894174938880794");
  EXPECT_EQ(item().product_id, "742813083800");
  EXPECT_EQ(item().name, "ins婴儿衣服冬装红色加绒保暖宝宝拜年服爬服百日周岁包屁衣冬季");
  EXPECT_EQ(item().quantity, "1");
  EXPECT_EQ(item().unit, "件");
  EXPECT_EQ(item().sku_id, 5124419233729);
  EXPECT_EQ(item().spec_id, "9b499234b4238c510eb66fb3768f00e7");
  EXPECT_EQ(item().item_amount_fen, 4018);
  EXPECT_EQ(item().price_fen, 4650);
  EXPECT_EQ(item().refund_fen, 0);
  EXPECT_EQ(item().status, 7);
  EXPECT_EQ(item().sku_attributes, R"([{"name":"颜色","value":"红色"},{"name":"适合身高","value":"73CM"}])");
  const std::vector<std::string> images{"http://cbu01.alicdn.com/img/ibank/O1CN01b1e7FM1Bs2sz5RvgK_!!0-0-cib.80x80.jpg",
                                        "http://cbu01.alicdn.com/img/ibank/O1CN01b1e7FM1Bs2sz5RvgK_!!0-0-cib.jpg"};
  EXPECT_EQ(item().image_urls, images);
  EXPECT_EQ(item().snapshot_url, "https://trade.1688.com/order/offer_snapshot.htm?order_entry_id=2042894174938880794");
  EXPECT_EQ(item().created_at, core::instant{milliseconds{1704451800000}});
}

TEST_F(sample, nothing_in_it_is_new_or_unusable_and_the_payload_is_what_was_served) {
  EXPECT_TRUE(order().notes.empty());
  EXPECT_TRUE(order().unknown_paths.empty());
  EXPECT_EQ(order().payload, sample_order().text());
  EXPECT_NE(sample_page().find(order().payload), std::string::npos);
}

}  // namespace
}  // namespace ordersync::pandapon
