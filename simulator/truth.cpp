#include "truth.hpp"

#include "json_text.hpp"
#include "truth_fields.hpp"

namespace pandapon_sim {
namespace {

using columns::open_column;
using columns::put;
using columns::put_time;

void put(std::string& out, std::string_view key, const nested<std::vector<attribute>>& field) {
  if (!open_column(out, key, field.readable())) return;
  out += '[';
  for (const attribute& a : field.content) {
    out += "{\"name\":";
    append_quoted(out, a.name);
    out += ",\"value\":";
    append_quoted(out, a.value);
    out += "},";
  }
  close(out, ']');
  out += ',';
}

void put(std::string& out, std::string_view key, const nested<std::vector<std::string>>& field) {
  if (!open_column(out, key, field.readable())) return;
  out += '[';
  for (const std::string& url : field.content) {
    append_quoted(out, url);
    out += ',';
  }
  close(out, ']');
  out += ',';
}

void put_submission(std::string& out, const nested<submission>& field) {
  const bool readable = field.readable();
  const submission& said = field.content;
  const auto or_null = [readable](auto value) {
    if (!readable) value.as = form::null;
    return value;
  };
  if (open_column(out, "submission_success", readable)) out += said.success ? "true," : "false,";
  put(out, "submission_order_id", or_null(said.order_id));
  put(out, "submission_post_fee_fen", or_null(said.post_fee));
  put(out, "submission_total_fen", or_null(said.total));
}

void put_item(std::string& out, const order_line& line, std::int64_t position) {
  out += '{';
  put(out, "id", line.id);
  put(out, "sub_tb_order_id", line.sub_tb_order_id);
  put(out, "product_id", line.product_id);
  put(out, "name", line.name);
  put(out, "quantity", line.quantity);
  put(out, "unit", line.unit);
  put(out, "sku_id", line.sku_id);
  put(out, "spec_id", line.spec_id);
  put(out, "item_amount_fen", line.item_amount);
  put(out, "price_fen", line.price);
  put(out, "refund_fen", line.refund);
  put(out, "status", line.status);
  put(out, "sku_attributes", line.sku_attributes);
  put(out, "image_urls", line.image_urls);
  put(out, "snapshot_url", line.snapshot_url);
  put_time(out, "created_at", line.created);
  put(out, "position", number{position});
  close(out, '}');
  out += ',';
}

void put_items(std::string& out, const order& o) {
  out += "\"items\":[";
  std::int64_t position = 0;
  for (const order_line& line : o.lines) put_item(out, line, position++);
  close(out, ']');
  out += ',';
}

void put_cargo(std::string& out, const nested<std::vector<cargo_row>>& field) {
  out += "\"cargo\":[";
  std::int64_t position = 0;
  if (field.readable()) {
    for (const cargo_row& row : field.content) {
      out += '{';
      put(out, "position", number{position++});
      put(out, "offer_id", row.offer_id);
      put(out, "spec_id", row.spec_id);
      put(out, "quantity", row.quantity);
      close(out, '}');
      out += ',';
    }
  }
  close(out, ']');
  out += ',';
}

void put_receiver(std::string& out, const nested<receiver>& field) {
  if (!open_column(out, "receiver", field.readable())) return;
  const receiver& to = field.content;
  out += '{';
  put(out, "full_name", to.full_name);
  put(out, "mobile", to.mobile);
  put(out, "phone", to.phone);
  put(out, "post_code", to.post_code);
  put(out, "division_code", to.division_code);
  put(out, "address", to.address);
  close(out, '}');
  out += ',';
}

void put_warehouse(std::string& out, const nested<warehouse_address>& field) {
  if (!open_column(out, "warehouse_address", field.readable())) return;
  const warehouse_address& at = field.content;
  out += '{';
  put(out, "full_name", at.full_name);
  put(out, "mobile", at.mobile);
  put(out, "phone", at.phone);
  put(out, "post_code", at.post_code);
  put(out, "province", at.province);
  put(out, "city", at.city);
  put(out, "area", at.area);
  put(out, "town", at.town);
  put(out, "address", at.address);
  put(out, "district_code", at.district_code);
  close(out, '}');
  out += ',';
}

template <class Content>
void put_path(std::string& out, const nested<Content>& field, std::string_view path) {
  if (field.as != nesting::malformed) return;
  append_quoted(out, path);
  out += ',';
}

void put_quarantined(std::string& out, const order& o) {
  out += "\"quarantined\":[";
  put_path(out, o.cargo, "cargoParamList");
  put_path(out, o.receiver_info, "receiver");
  put_path(out, o.warehouse, "warehouseAddressInfo");
  put_path(out, o.submission_info, "orderJson");
  for (std::size_t i = 0; i < o.lines.size(); ++i) {
    const std::string line = "orderDetailInfoVOS[" + std::to_string(i) + "].";
    put_path(out, o.lines[i].sku_attributes, line + "skuInfos");
    put_path(out, o.lines[i].image_urls, line + "productImgUrl");
  }
  close(out, ']');
}

}  // namespace

void write_truth(std::string& out, const order& o) {
  out += '{';
  put(out, "id", o.id);
  put(out, "develop_id", o.develop_id);
  put(out, "flow", o.flow);
  put(out, "order_no", o.order_no);
  put(out, "tb_order_id", o.tb_order_id);
  put(out, "discount_fen", o.discount);
  put(out, "product_amount_fen", o.product_amount);
  put(out, "shipping_fee_fen", o.shipping_fee);
  put(out, "total_amount_fen", o.total_amount);
  put(out, "refund_amount_fen", o.refund_amount);
  put(out, "sub_buyer_login_id", o.sub_buyer_login_id);
  put(out, "seller_login_id", o.seller_login_id);
  put(out, "close_reason", o.close_reason);
  put(out, "trade_type", o.trade_type);
  put(out, "is_invoice", o.is_invoice);
  put(out, "pay_status", o.pay_status);
  put(out, "order_status", o.order_status);
  put(out, "refund_status", o.refund_status);
  put(out, "platform_order", o.platform_order);
  put(out, "user_id", o.user_id);
  put_time(out, "created_at", o.created);
  put_time(out, "tb_created_at", o.tb_created);
  put_submission(out, o.submission_info);
  put_items(out, o);
  put_cargo(out, o.cargo);
  put_receiver(out, o.receiver_info);
  put_warehouse(out, o.warehouse);
  put_quarantined(out, o);
  out += '}';
}

}  // namespace pandapon_sim
