#pragma once
// Every member that the API's order, its lines and its nested JSON are known to have, and the column each becomes.
// Names and spellings (`productSnapShotUrl`) are those of the vendor's reference of POST /alibaba/order/page and its
// sample. Wire names stop here.

#include "core/order.hpp"
#include "pandapon/columns/columns.hpp"

#include <array>
#include <cstdint>

namespace ordersync::pandapon::decode {

// 1 waitbuyerpay ... 8 other (the vendor's documentation).
inline constexpr std::array<std::int64_t, 8> known_order_statuses{1, 2, 3, 4, 5, 6, 7, 8};
// 1 unpaid, 2 paid, 4 refunded, 6 completed, 8 cancelled before payment, 9 in progress (1688's documentation,
// probable).
inline constexpr std::array<std::int64_t, 6> known_pay_statuses{1, 2, 4, 6, 8, 9};

inline constexpr std::array order_fields{
    columns::apart<core::order>("id"),
    columns::integer_column("developId", &core::order::develop_id),
    columns::text_column("flow", &core::order::flow),
    columns::text_column("orderNo", &core::order::order_no),
    columns::text_column("tbOrderId", &core::order::tb_order_id),
    columns::integer_column("discount", &core::order::discount_fen),
    columns::integer_column("productAmount", &core::order::product_amount_fen),
    columns::integer_column("shippingFee", &core::order::shipping_fee_fen),
    columns::integer_column("totalAmount", &core::order::total_amount_fen),
    columns::integer_column("refundAmount", &core::order::refund_amount_fen),
    columns::apart<core::order>("cargoParamList"),
    columns::apart<core::order>("receiver"),
    columns::text_column("subBuyerLoginId", &core::order::sub_buyer_login_id),
    columns::text_column("closeReason", &core::order::close_reason),
    columns::text_column("sellerLoginId", &core::order::seller_login_id),
    columns::apart<core::order>("warehouseAddressInfo"),
    columns::enumeration_column("isInvoice", &core::order::is_invoice),
    columns::text_column("tradeType", &core::order::trade_type),
    columns::enumeration_column("payStatus", &core::order::pay_status, known_pay_statuses),
    columns::order_status_column("orderStatus", &core::order::order_status, known_order_statuses),
    columns::enumeration_column("refundStatus", &core::order::refund_status),
    columns::apart<core::order>("orderJson"),
    columns::text_column("userId", &core::order::user_id),
    columns::time_column("createTime", &core::order::created_at),
    columns::enumeration_column("platformOrder", &core::order::platform_order),
    columns::time_column("tbCreateTime", &core::order::tb_created_at),
    columns::apart<core::order>("orderDetailInfoVOS"),
};

inline constexpr std::array item_fields{
    columns::apart<core::order_item>("id"),
    columns::apart<core::order_item>("orderId"),
    columns::text_column("subTbOrderId", &core::order_item::sub_tb_order_id),
    columns::text_column("productId", &core::order_item::product_id),
    columns::text_column("name", &core::order_item::name),
    columns::decimal_column("quantity", &core::order_item::quantity),
    columns::text_column("unit", &core::order_item::unit),
    columns::integer_column("skuId", &core::order_item::sku_id),
    columns::text_column("specId", &core::order_item::spec_id),
    columns::integer_column("itemAmount", &core::order_item::item_amount_fen),
    columns::integer_column("price", &core::order_item::price_fen),
    columns::integer_column("refund", &core::order_item::refund_fen),
    columns::order_status_column("status", &core::order_item::status, known_order_statuses),
    columns::apart<core::order_item>("skuInfos"),
    columns::apart<core::order_item>("productImgUrl"),
    columns::text_column("productSnapShotUrl", &core::order_item::snapshot_url),
    columns::time_column("createTime", &core::order_item::created_at),
};

// cargoParamList: an array of these.
inline constexpr std::array cargo_fields{
    columns::integer_column("offerId", &core::order_cargo::offer_id),
    columns::text_column("specId", &core::order_cargo::spec_id),
    columns::decimal_column("quantity", &core::order_cargo::quantity),
};

inline constexpr std::array receiver_fields{
    columns::text_column("toFullName", &core::order_receiver::full_name),
    columns::text_column("toDivisionCode", &core::order_receiver::division_code),
    columns::text_column("toMobile", &core::order_receiver::mobile),
    columns::text_column("toPhone", &core::order_receiver::phone),
    columns::text_column("toPost", &core::order_receiver::post_code),
    columns::text_column("toArea", &core::order_receiver::address),
};

// warehouseAddressInfo
inline constexpr std::array warehouse_address_fields{
    columns::text_column("fullName", &core::order_warehouse_address::full_name),
    columns::text_column("mobile", &core::order_warehouse_address::mobile),
    columns::text_column("phone", &core::order_warehouse_address::phone),
    columns::text_column("postCode", &core::order_warehouse_address::post_code),
    columns::text_column("cityText", &core::order_warehouse_address::city),
    columns::text_column("provinceText", &core::order_warehouse_address::province),
    columns::text_column("areaText", &core::order_warehouse_address::area),
    columns::text_column("townText", &core::order_warehouse_address::town),
    columns::text_column("address", &core::order_warehouse_address::address),
    columns::text_column("districtCode", &core::order_warehouse_address::district_code),
};

// orderJson: {"result": {...}, "success": true}, what 1688 answered when the order was submitted.
inline constexpr std::array submission_fields{
    columns::apart<core::order>("result"),
    columns::apart<core::order>("success"),
};
inline constexpr std::array submission_result_fields{
    columns::text_column("orderId", &core::order::submission_order_id),
    columns::integer_column("postFee", &core::order::submission_post_fee_fen),
    columns::apart<core::order>("success"),
    columns::apart<core::order>("orderList"),
    columns::integer_column("totalSuccessAmount", &core::order::submission_total_fen),
};

// skuInfos: an array of these; kept as JSON.
inline constexpr std::array sku_fields{
    columns::apart<core::order_item>("name"),
    columns::apart<core::order_item>("value"),
};

static_assert(order_fields.size() == 27 && item_fields.size() == 17, "the reference lists 27 and 17 fields");

}  // namespace ordersync::pandapon::decode
