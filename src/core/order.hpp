#pragma once
// An order as the mirror holds it: the API's fields under the mirror's names, nested JSON taken apart, nothing
// repaired.
//
// An optional without a value is SQL NULL: the field was absent or null, or its value could not be used (then `notes`
// says where and why). Text that came as "" stays "". Money is integer fen (1/100 yuan); the API's own sums do not
// always add up and none is enforced. Facts: the vendor's reference of POST /alibaba/order/page and its sample
// response.

#include "core/sha256.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::core {

using text = std::optional<std::string>;
using integer = std::optional<std::int64_t>;
using fen = std::optional<std::int64_t>;

struct order_item {
  std::int64_t id = 0;  // unique within its order
  int position = 0;     // 0-based, as served
  text sub_tb_order_id;
  text product_id;
  text name;
  text quantity;  // a decimal number as text: lines can be sold by weight or length, so no double
  text unit;
  integer sku_id;
  text spec_id;
  fen item_amount_fen;
  fen price_fen;
  fen refund_fen;
  integer status;
  text sku_attributes;                                 // JSON array of {"name","value"}, valid for jsonb
  std::optional<std::vector<std::string>> image_urls;  // no value: NULL
  text snapshot_url;
  std::optional<instant> created_at;
};

struct order_cargo {
  int position = 0;  // 0-based, as served
  integer offer_id;
  text spec_id;
  text quantity;  // a decimal number as text
};

// Personal data.
struct order_receiver {
  text full_name, mobile, phone, post_code, division_code, address;
};

// Personal data.
struct order_warehouse_address {
  text full_name, mobile, phone, post_code, province, city, area, town, address, district_code;
};

// One value that could not be stored as it came.
struct quarantine_note {
  std::string path;    // within the order: "receiver", "orderDetailInfoVOS[0].skuInfos"
  std::string reason;  // for people: "not valid JSON at byte 17"; never quotes the value
  std::string raw;     // the JSON text of the value as served; personal data; no NUL byte, valid UTF-8
};

struct order {
  std::int64_t id = 0;
  integer develop_id;
  text flow, order_no, tb_order_id;
  fen discount_fen, product_amount_fen, shipping_fee_fen, total_amount_fen, refund_amount_fen;
  text sub_buyer_login_id, seller_login_id, close_reason, trade_type;
  integer is_invoice, pay_status, order_status, refund_status, platform_order;  // fit int32
  text user_id;
  std::optional<instant> created_at, tb_created_at;

  // What orderJson says of the order's submission.
  std::optional<bool> submission_success;
  text submission_order_id;
  fen submission_post_fee_fen, submission_total_fen;

  std::vector<order_item> items;
  std::vector<order_cargo> cargo;
  std::optional<order_receiver> receiver;
  std::optional<order_warehouse_address> warehouse_address;

  std::vector<quarantine_note> notes;
  std::vector<std::string> unknown_paths;  // fields and enum values never seen before: "newField", "orderStatus=9"

  std::string payload;      // the order exactly as served, valid UTF-8, no NUL byte; personal data
  sha256 payload_sha256{};  // of `payload`
  // Of everything above but payload, independent of how the API spelt it (number or text, key order, nesting as string
  // or structure), and of the unknown fields' values. Equal hashes mean there is nothing to write.
  sha256 content_hash{};

  instant observed_at{};  // when the request that brought it was sent
};

// An order whose own key cannot be used (no id, an id out of int64, not JSON): kept whole in quarantine. The window
// that served it is not proven.
struct unusable_order {
  std::string path;  // within the reply: "data[3]"
  std::string reason;
  std::string raw;  // as in quarantine_note
  instant observed_at{};
};

}  // namespace ordersync::core
