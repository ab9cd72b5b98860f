#include "wire.hpp"

#include "json_text.hpp"
#include "wire_fields.hpp"

#include <algorithm>

namespace pandapon_sim {
namespace {

void write(std::string& out, const std::vector<cargo_row>& rows) {
  out += '[';
  for (const cargo_row& row : rows) {
    out += '{';
    put(out, "offerId", row.offer_id);
    put(out, "specId", row.spec_id);
    put(out, "quantity", row.quantity);
    close(out, '}');
    out += ',';
  }
  close(out, ']');
}

void write(std::string& out, const receiver& to) {
  out += '{';
  put(out, "toFullName", to.full_name);
  put(out, "toDivisionCode", to.division_code);
  put(out, "toMobile", to.mobile);
  put(out, "toPhone", to.phone);
  put(out, "toPost", to.post_code);
  put(out, "toArea", to.address);
  close(out, '}');
}

void write(std::string& out, const warehouse_address& at) {
  out += '{';
  put(out, "fullName", at.full_name);
  put(out, "mobile", at.mobile);
  put(out, "phone", at.phone);
  put(out, "postCode", at.post_code);
  put(out, "cityText", at.city);
  put(out, "provinceText", at.province);
  put(out, "areaText", at.area);
  put(out, "townText", at.town);
  put(out, "address", at.address);
  put(out, "districtCode", at.district_code);
  close(out, '}');
}

/// As put(), with blanks after colon and comma: the vendor's database prints its own JSON columns like that.
template <class Field>
void put_spaced(std::string& out, std::string_view key, const Field& field) {
  const std::size_t before = out.size();
  put(out, key, field);
  if (out.size() == before) return;
  out.insert(before + key.size() + 3, 1, ' ');
  out += ' ';
}

/// close() for what put_spaced() wrote.
void close_spaced(std::string& out, char bracket) {
  if (out.back() == ' ') out.pop_back();
  close(out, bracket);
}

void write(std::string& out, const submission& said) {
  const std::string_view success = said.success ? "true" : "false";
  out += "{\"result\": {";
  put_spaced(out, "orderId", said.order_id);
  put_spaced(out, "postFee", said.post_fee);
  out.append("\"success\": ").append(success).append(", \"orderList\": [], ");
  put_spaced(out, "totalSuccessAmount", said.total);
  close_spaced(out, '}');
  out.append(", \"success\": ").append(success).append("}");
}

void write(std::string& out, const std::vector<attribute>& attributes) {
  out += '[';
  for (const attribute& a : attributes) {
    out += "{\"name\": ";
    append_quoted(out, a.name);
    out += ", \"value\": ";
    append_quoted(out, a.value);
    out += "}, ";
  }
  close_spaced(out, ']');
}

void write(std::string& out, const std::vector<std::string>& urls) {
  out += '[';
  for (const std::string& url : urls) {
    append_quoted(out, url);
    out += ',';
  }
  close(out, ']');
}

/// Cuts at `size` or a little before, never inside a character.
void cut_text(std::string& text, std::size_t size) {
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  text.resize(size);
}

/// Breaks JSON in one of the ways seen in the field. `json` is an object, or an array with members; what is left is
/// neither JSON nor empty.
void damage_json(std::string& json, std::uint8_t way) {
  switch (way) {
    case 0:
      json.pop_back();
      return;
    case 1:
      cut_text(json, json.size() * 6 / 10);
      return;
    case 2:
      json += '}';
      return;
    case 3:
      std::replace(json.begin(), json.end(), '"', '\'');
      return;
    case 4:
      json = "[object Object]";
      return;
    default:
      json = "{toFullName=null, success=false}";
      return;
  }
}

template <class Content>
void put(std::string& out, std::string_view key, const nested<Content>& field) {
  if (field.as == nesting::absent) return;
  append_key(out, key);
  thread_local std::string json;  // keeps its capacity from field to field
  json.clear();
  if (field.readable() || field.as == nesting::malformed) write(json, field.content);
  switch (field.as) {
    case nesting::text:
      append_quoted(out, json);
      break;
    case nesting::structure:
      out += json;
      break;
    case nesting::twice: {
      std::string once;
      append_quoted(once, json);
      append_quoted(out, once);
      break;
    }
    case nesting::malformed:
      damage_json(json, field.damage);
      append_quoted(out, json);
      break;
    case nesting::empty:
      out += "\"\"";
      break;
    case nesting::word_null:
      out += "\"null\"";
      break;
    default:
      out += "null";
      break;
  }
  out += ',';
}

void write(std::string& out, const order_line& line) {
  out += '{';
  put(out, "id", line.id);
  put(out, "orderId", line.order_id);
  put(out, "subTbOrderId", line.sub_tb_order_id);
  put(out, "productId", line.product_id);
  put(out, "name", line.name);
  put(out, "quantity", line.quantity);
  put(out, "unit", line.unit);
  put(out, "skuId", line.sku_id);
  put(out, "specId", line.spec_id);
  put(out, "itemAmount", line.item_amount);
  put(out, "price", line.price);
  put(out, "refund", line.refund);
  put(out, "status", line.status);
  put(out, "skuInfos", line.sku_attributes);
  put(out, "productImgUrl", line.image_urls);
  put(out, "productSnapShotUrl", line.snapshot_url);
  put(out, "createTime", line.created);
  if (line.unknown_field) out += "\"entryDiscount\":0,";
  close(out, '}');
}

}  // namespace

void write_wire(std::string& out, const order& o) {
  out += '{';
  put(out, "id", o.id);
  put(out, "developId", o.develop_id);
  put(out, "flow", o.flow);
  put(out, "orderNo", o.order_no);
  put(out, "tbOrderId", o.tb_order_id);
  put(out, "discount", o.discount);
  put(out, "productAmount", o.product_amount);
  put(out, "shippingFee", o.shipping_fee);
  put(out, "totalAmount", o.total_amount);
  put(out, "refundAmount", o.refund_amount);
  put(out, "cargoParamList", o.cargo);
  put(out, "receiver", o.receiver_info);
  put(out, "subBuyerLoginId", o.sub_buyer_login_id);
  put(out, "closeReason", o.close_reason);
  put(out, "sellerLoginId", o.seller_login_id);
  put(out, "warehouseAddressInfo", o.warehouse);
  put(out, "isInvoice", o.is_invoice);
  put(out, "tradeType", o.trade_type);
  put(out, "payStatus", o.pay_status);
  put(out, "orderStatus", o.order_status);
  put(out, "refundStatus", o.refund_status);
  put(out, "orderJson", o.submission_info);
  put(out, "userId", o.user_id);
  put(out, "createTime", o.created);
  put(out, "platformOrder", o.platform_order);
  put(out, "tbCreateTime", o.tb_created);
  if (o.unknown_field) out += "\"warehouseRemark\":{\"batch\":7},";
  out += "\"orderDetailInfoVOS\":[";
  for (const order_line& line : o.lines) {
    write(out, line);
    out += ',';
  }
  close(out, ']');
  out += '}';
}

}  // namespace pandapon_sim
