#include "store/order_columns.hpp"

namespace ordersync::store {
namespace {

template <class>
struct member_pointer;
template <class Class, class Member>
struct member_pointer<Member Class::*> {
  using owner = Class;
};

template <auto Member>
void field(copy_text& out, const row_owner& /*owner*/, const typename member_pointer<decltype(Member)>::owner& row) {
  out.add(row.*Member);
}

template <class Row>
void order_id(copy_text& out, const row_owner& owner, const Row& /*row*/) {
  out.add(owner.order.id);
}

void account(copy_text& out, const row_owner& owner, const core::order& /*row*/) {
  out.add(owner.account);
}
void first_version(copy_text& out, const row_owner& /*owner*/, const core::order& /*row*/) {
  out.add(1);
}

using core::order;
constexpr column<order> order_columns[] = {
    {"id", field<&order::id>},
    {"develop_id", field<&order::develop_id>},
    {"flow", field<&order::flow>},
    {"order_no", field<&order::order_no>},
    {"tb_order_id", field<&order::tb_order_id>},
    {"discount_fen", field<&order::discount_fen>},
    {"product_amount_fen", field<&order::product_amount_fen>},
    {"shipping_fee_fen", field<&order::shipping_fee_fen>},
    {"total_amount_fen", field<&order::total_amount_fen>},
    {"refund_amount_fen", field<&order::refund_amount_fen>},
    {"sub_buyer_login_id", field<&order::sub_buyer_login_id>},
    {"seller_login_id", field<&order::seller_login_id>},
    {"close_reason", field<&order::close_reason>},
    {"trade_type", field<&order::trade_type>},
    {"is_invoice", field<&order::is_invoice>},
    {"pay_status", field<&order::pay_status>},
    {"order_status", field<&order::order_status>},
    {"refund_status", field<&order::refund_status>},
    {"platform_order", field<&order::platform_order>},
    {"user_id", field<&order::user_id>},
    {"created_at", field<&order::created_at>},
    {"tb_created_at", field<&order::tb_created_at>},
    {"submission_success", field<&order::submission_success>},
    {"submission_order_id", field<&order::submission_order_id>},
    {"submission_post_fee_fen", field<&order::submission_post_fee_fen>},
    {"submission_total_fen", field<&order::submission_total_fen>},
    {"_account", account},
    {"_first_seen_at", field<&order::observed_at>},
    {"_changed_at", field<&order::observed_at>},
    {"_observed_at", field<&order::observed_at>},
    {"_version", first_version},
    {"_content_hash", field<&order::content_hash>},
};

using core::order_item;
constexpr column<order_item> item_columns[] = {
    {"order_id", order_id<order_item>},
    {"id", field<&order_item::id>},
    {"sub_tb_order_id", field<&order_item::sub_tb_order_id>},
    {"product_id", field<&order_item::product_id>},
    {"name", field<&order_item::name>},
    {"quantity", field<&order_item::quantity>},
    {"unit", field<&order_item::unit>},
    {"sku_id", field<&order_item::sku_id>},
    {"spec_id", field<&order_item::spec_id>},
    {"item_amount_fen", field<&order_item::item_amount_fen>},
    {"price_fen", field<&order_item::price_fen>},
    {"refund_fen", field<&order_item::refund_fen>},
    {"status", field<&order_item::status>},
    {"sku_attributes", field<&order_item::sku_attributes>},
    {"image_urls", field<&order_item::image_urls>},
    {"snapshot_url", field<&order_item::snapshot_url>},
    {"created_at", field<&order_item::created_at>},
    {"position", field<&order_item::position>},
};

using core::order_cargo;
constexpr column<order_cargo> cargo_columns[] = {
    {"order_id", order_id<order_cargo>},         {"position", field<&order_cargo::position>},
    {"offer_id", field<&order_cargo::offer_id>}, {"spec_id", field<&order_cargo::spec_id>},
    {"quantity", field<&order_cargo::quantity>},
};

using core::order_receiver;
constexpr column<order_receiver> receiver_columns[] = {
    {"order_id", order_id<order_receiver>},           {"full_name", field<&order_receiver::full_name>},
    {"mobile", field<&order_receiver::mobile>},       {"phone", field<&order_receiver::phone>},
    {"post_code", field<&order_receiver::post_code>}, {"division_code", field<&order_receiver::division_code>},
    {"address", field<&order_receiver::address>},
};

using warehouse = core::order_warehouse_address;
constexpr column<warehouse> warehouse_columns[] = {
    {"order_id", order_id<warehouse>},
    {"full_name", field<&warehouse::full_name>},
    {"mobile", field<&warehouse::mobile>},
    {"phone", field<&warehouse::phone>},
    {"post_code", field<&warehouse::post_code>},
    {"province", field<&warehouse::province>},
    {"city", field<&warehouse::city>},
    {"area", field<&warehouse::area>},
    {"town", field<&warehouse::town>},
    {"address", field<&warehouse::address>},
    {"district_code", field<&warehouse::district_code>},
};

constexpr column<order> payload_columns[] = {
    {"order_id", order_id<order>},
    {"payload", field<&order::payload>},
    {"sha256", field<&order::payload_sha256>},
};

}  // namespace

const row_table<core::order> orders_table{"orders", 1, "", order_columns};
const row_table<core::order_item> items_table{"order_items", 2, "", item_columns};
const row_table<core::order_cargo> cargo_table{"order_cargo", 2, "", cargo_columns};
const row_table<core::order_receiver> receivers_table{"order_receivers", 1, "", receiver_columns};
const row_table<core::order_warehouse_address> warehouse_addresses_table{"order_warehouse_addresses", 1, "",
                                                                         warehouse_columns};
const row_table<core::order> payloads_table{"order_payloads", 1, "sha256", payload_columns};

}  // namespace ordersync::store
