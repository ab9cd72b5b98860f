#pragma once
// What the order detail says of one order, as the mirror holds it: when it was paid, sent and received, its payments,
// parcels and refunds. Nothing is repaired.
//
// An optional without a value is SQL NULL: absent, null, or not usable (then `notes` says where and why). Money is fen,
// although the API writes most of it in yuan. Times are instants; the API writes them with an offset. Words of states
// are kept as served. Facts: 1688's documentation of alibaba.trade.get.buyerView.

#include "core/order.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::core {

// One of the payments that the order consists of: most have one, staged orders several.
struct order_payment {
  int position = 0;  // 0-based, as served
  integer phase;     // 1688's id of the stage
  text status;       // a number as text: "1" unpaid, "2" paid
  std::optional<instant> paid_at;
  text way, way_name;
  fen amount_fen;
};

// One parcel. Its number can change on the way, and may be words such as 不需要物流 (needs no logistics).
struct order_shipment {
  int position = 0;  // 0-based, as served
  integer id;        // 1688's, distinct within the order; a parcel keeps it
  text logistics_code, waybill, company, company_no, status, type;
  std::optional<instant> shipped_at, created_at, modified_at;
  // 1688's numbers of the order's lines in it (order_item::sub_tb_order_id). No value: it is not said.
  std::optional<std::vector<std::int64_t>> line_ids;
};

// What the detail adds to an order line.
struct order_detail_line {
  int position = 0;     // 0-based, as served
  std::int64_t id = 0;  // 1688's number of the line (order_item::sub_tb_order_id), distinct within the order
  text status, status_name;
  text refund_status, refund_id;
  integer logistics_status;
  text quantity_factor;  // a decimal number as text
  fen entry_discount_fen, item_amount_fen, price_fen, refund_fen;
  std::optional<instant> created_at, modified_at, completed_at;
  text pay_expiry;  // as served: without a zone
  text cargo_number;
};

// A refund that the detail names, in the order and on its lines. Its amounts and times are in refund_info.
struct order_refund {
  std::string id;  // "TQ...", distinct within the order
  // Of the order's own refund: its states in sale and after it, and the order's refund amount.
  text status, status_after_sale;
  fen refund_fen;
  std::vector<std::int64_t> line_ids;  // lines that name it, ascending
};

// Personal data.
struct order_contact {
  std::string role;  // "buyer", "seller"
  text full_name, phone, mobile, company, im_account;
};
// Personal data.
struct order_detail_address {
  std::string role;  // "receiver": where the buyer had it sent; "delivery": where the parcels go
  text full_name, mobile, phone, post_code, division_code, province, city, area, town, address;
};
// Personal data: who sent a parcel.
struct order_sender {
  int position = 0;  // of the parcel
  text phone, mobile;
};

struct order_detail {
  std::string tb_order_id;  // 1688's number, which was asked for

  text status;
  std::optional<instant> created_at, modified_at, paid_at, all_shipped_at, received_at, confirmed_at, completed_at;
  text alipay_trade_id;
  text refund_id, refund_status, refund_status_after_sale;
  fen total_amount_fen, shipping_fee_fen, refund_fen, product_payment_fen, discount_fen;
  text buyer_feedback, buyer_memo, remark;
  text close_reason, close_remark, closed_by;
  text trade_type;
  std::optional<std::vector<std::string>> pay_channels;
  integer pay_timeout_s;
  std::optional<instant> pay_deadline;  // created_at + pay_timeout_s, where both are known

  std::vector<order_payment> payments;
  std::vector<order_shipment> shipments;  // distinct ids
  std::vector<order_detail_line> lines;   // distinct ids
  std::vector<order_refund> refunds;      // distinct ids, ascending

  // Personal data; nothing of it is anywhere above, the payload and the notes aside.
  std::vector<order_contact> contacts;
  std::vector<order_detail_address> addresses;
  std::vector<order_sender> senders;  // of parcels that say something

  std::vector<quarantine_note> notes;      // paths within the detail: "baseInfo.refund", "tradeTerms[0].phasAmount"
  std::vector<std::string> unknown_paths;  // as of an order, and words of states: "baseInfo.status=waitmagic"

  std::string payload;      // the reply's `data` exactly as served, valid UTF-8, no NUL byte; personal data
  sha256 payload_sha256{};  // of `payload`
  sha256 content_hash{};    // as of an order: equal hashes mean there is nothing to write

  instant observed_at{};  // when the request that brought it was sent
};

// What the API says of one refund. Its documentation shows few fields, and the payload has all of them.
struct refund_info {
  std::string id;  // "TQ...", which was asked for
  integer tb_order_id;
  text status, alipay_payment_id;
  // By 1688's documentation in fen: the vendor's own does not say.
  fen apply_payment_fen, refund_payment_fen;
  text applied, created, modified, completed;  // times as served: their form is not documented

  std::vector<quarantine_note> notes;
  std::vector<std::string> unknown_paths;
  std::string payload;  // as of a detail; may hold personal data of the seller
  sha256 payload_sha256{};
  sha256 content_hash{};
  instant observed_at{};
};

}  // namespace ordersync::core
