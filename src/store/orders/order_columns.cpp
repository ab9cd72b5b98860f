#include "store/orders/order_columns.hpp"

#include <iterator>

namespace ordersync::store::orders {
namespace {

template <class>
struct member_pointer;
template <class Class, class Member>
struct member_pointer<Member Class::*> {
  using owner = Class;
};

template <auto Member>
void field(values::copy_binary& out, const row_owner& /*owner*/,
           const typename member_pointer<decltype(Member)>::owner& row) {
  out.add(row.*Member);
}

// Calls write(value) for a value that is there.
template <class T, class Write>
void write_or_null(values::copy_binary& out, const std::optional<T>& value, Write write) {
  value ? write(*value) : out.null();
}

template <auto Member>
void integer(values::copy_binary& out, const row_owner& /*owner*/,
             const typename member_pointer<decltype(Member)>::owner& row) {
  write_or_null(out, row.*Member, [&](std::int64_t value) { out.add_integer(value); });
}

template <auto Member>
void numeric(values::copy_binary& out, const row_owner& /*owner*/,
             const typename member_pointer<decltype(Member)>::owner& row) {
  write_or_null(out, row.*Member, [&](std::string_view value) { out.add_numeric(value); });
}

template <auto Member>
void jsonb(values::copy_binary& out, const row_owner& /*owner*/,
           const typename member_pointer<decltype(Member)>::owner& row) {
  write_or_null(out, row.*Member, [&](std::string_view value) { out.add_jsonb(value); });
}

template <auto Member>
using row_of = typename member_pointer<decltype(Member)>::owner;

// A column that the order's state has too.
template <auto Member>
constexpr column<row_of<Member>> known(std::string_view name, in_state as = in_state::plain) {
  return {name, field<Member>, as};
}

// Those whose type in the table is not the one that the member's says.
template <auto Member>
constexpr column<row_of<Member>> known_integer(std::string_view name) {
  return {name, integer<Member>, in_state::plain};
}
template <auto Member>
constexpr column<row_of<Member>> known_numeric(std::string_view name) {
  return {name, numeric<Member>, in_state::plain};
}
template <auto Member>
constexpr column<row_of<Member>> known_jsonb(std::string_view name) {
  return {name, jsonb<Member>, in_state::json};
}

template <class Row>
void order_id(values::copy_binary& out, const row_owner& owner, const Row& /*row*/) {
  out.add(owner.order.id);
}

void account(values::copy_binary& out, const row_owner& owner, const core::order& /*row*/) {
  out.add(owner.account);
}
void first_version(values::copy_binary& out, const row_owner& /*owner*/, const core::order& /*row*/) {
  out.add(1);
}

// NOLINTBEGIN(modernize-avoid-c-arrays): their lengths follow from their rows, and spans are what leaves this file

using core::order;
constexpr column<order> order_columns[] = {
    known<&order::id>("id"),
    known<&order::develop_id>("develop_id"),
    known<&order::flow>("flow"),
    known<&order::order_no>("order_no"),
    known<&order::tb_order_id>("tb_order_id"),
    known<&order::discount_fen>("discount_fen"),
    known<&order::product_amount_fen>("product_amount_fen"),
    known<&order::shipping_fee_fen>("shipping_fee_fen"),
    known<&order::total_amount_fen>("total_amount_fen"),
    known<&order::refund_amount_fen>("refund_amount_fen"),
    known<&order::sub_buyer_login_id>("sub_buyer_login_id"),
    known<&order::seller_login_id>("seller_login_id"),
    known<&order::close_reason>("close_reason"),
    known<&order::trade_type>("trade_type"),
    known_integer<&order::is_invoice>("is_invoice"),
    known_integer<&order::pay_status>("pay_status"),
    known_integer<&order::order_status>("order_status"),
    known_integer<&order::refund_status>("refund_status"),
    known_integer<&order::platform_order>("platform_order"),
    known<&order::user_id>("user_id"),
    known<&order::created_at>("created_at", in_state::time),
    known<&order::tb_created_at>("tb_created_at", in_state::time),
    known<&order::submission_success>("submission_success"),
    known<&order::submission_order_id>("submission_order_id"),
    known<&order::submission_post_fee_fen>("submission_post_fee_fen"),
    known<&order::submission_total_fen>("submission_total_fen"),
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
    known<&order_item::id>("id"),
    known<&order_item::sub_tb_order_id>("sub_tb_order_id"),
    known<&order_item::product_id>("product_id"),
    known<&order_item::name>("name"),
    known_numeric<&order_item::quantity>("quantity"),
    known<&order_item::unit>("unit"),
    known<&order_item::sku_id>("sku_id"),
    known<&order_item::spec_id>("spec_id"),
    known<&order_item::item_amount_fen>("item_amount_fen"),
    known<&order_item::price_fen>("price_fen"),
    known<&order_item::refund_fen>("refund_fen"),
    known_integer<&order_item::status>("status"),
    known_jsonb<&order_item::sku_attributes>("sku_attributes"),
    known<&order_item::image_urls>("image_urls"),
    known<&order_item::snapshot_url>("snapshot_url"),
    known<&order_item::created_at>("created_at", in_state::time),
    known<&order_item::position>("position"),
};

using core::order_cargo;
constexpr column<order_cargo> cargo_columns[] = {
    {"order_id", order_id<order_cargo>},
    known<&order_cargo::position>("position"),
    known<&order_cargo::offer_id>("offer_id"),
    known<&order_cargo::spec_id>("spec_id"),
    known_numeric<&order_cargo::quantity>("quantity"),
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

constexpr column<payload_row> payload_columns[] = {
    {"order_id", order_id<payload_row>},
    {"shape", field<&payload_row::shape>},
    {"body", field<&payload_row::body>},
    {"sha256", field<&payload_row::sha256>},
};

// NOLINTEND(modernize-avoid-c-arrays)

void write_payload(values::copy_binary& out, const row_owner& owner, const payload_row& row) {
  out.begin_row(std::size(payload_columns));
  out.add(owner.order.id);
  row.shape ? out.add(*row.shape) : out.null();
  out.add(row.body);
  out.add(std::span<const unsigned char>{row.sha256});
}

}  // namespace

const row_table<core::order> orders_table{"orders", 1, "", order_columns};
const row_table<core::order_item> items_table{"order_items", 2, "", item_columns};
const row_table<core::order_cargo> cargo_table{"order_cargo", 2, "", cargo_columns};
const row_table<core::order_receiver> receivers_table{"order_receivers", 1, "", receiver_columns};
const row_table<core::order_warehouse_address> warehouse_addresses_table{"order_warehouse_addresses", 1, "",
                                                                         warehouse_columns};
const row_table<payload_row> payloads_table{"stored_payloads", 1, "sha256", payload_columns, write_payload};

order_shapes shapes_of_orders() {
  return {orders_table.shape(), items_table.shape(), cargo_table.shape(), receivers_table.shape(),
          warehouse_addresses_table.shape()};
}

}  // namespace ordersync::store::orders
