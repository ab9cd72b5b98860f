#pragma once
// All that the mirror holds of one order, for whoever asks for it by its number. Plain values.
//
// Times are UTC, amounts fen. Texts are as the API sent them: whoever shows them makes them safe (core/printable.hpp).
// Personal data is in `receiver` and `warehouse_address` alone, and there only where it was asked for.

#include "core/order.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::reports {

struct named_value {
  std::string name;  // of the column
  core::text value;
};

struct order_line {
  std::int64_t id = 0;
  core::text sub_tb_order_id, product_id, name, quantity, unit, sku;
  core::fen price_fen, item_amount_fen, refund_fen;
  core::integer status;
  core::text status_name;
};

struct field_change {
  std::string field;         // "order_status", "items[123].refund_fen", "receiver"
  core::text before, after;  // neither where only the name is known: personal data, and what has no column
  std::string text;          // for people: "order_status: awaiting payment -> awaiting shipment"; amounts in yuan
};

// A state of the order that the mirror saw.
struct order_version {
  std::int64_t version = 0;
  core::instant since{};
  std::string account;
  core::text status_name{};
  bool vanished = false;
  std::vector<field_change> changes{};  // from the state before; none: the first
};

struct order_read {
  core::window window;  // for which creation times the API was asked
  std::string kind;     // as sync::name(sweep_kind) spells it
  std::string reason;   // why it is not proven; for a read by number why it was read
  bool apart = false;
  bool proven = false;  // the window, by this read
  core::instant finished_at{};
};

struct order_quarantine {
  std::int64_t id = 0;
  std::string path, reason;
  bool accepted = false;  // by itself or with its kind
};

struct order_erasure {
  std::string reason;          // order, mobile or retention
  bool personal_data = false;  // false: the payload alone
  core::instant at{};
};

struct order_payment {
  core::text phase, status, way;  // `way` in Chinese, as served
  std::optional<core::instant> paid_at;
  core::fen amount_fen;
};

struct order_parcel {
  core::text company, waybill_number, status;
  std::optional<core::instant> shipped_at;
  std::int64_t lines = 0;  // how many of the order's lines are in it; 0 where the API does not say
};

struct order_refund {
  std::string id;
  core::text status, after_sale_status;
  core::fen amount_fen;
  std::optional<core::instant> created_at, modified_at, completed_at;
};

// What the API's order detail says.
struct order_detail {
  std::optional<core::instant> paid_at, all_shipped_at, received_at, confirmed_at, completed_at, pay_deadline;
  core::text alipay_trade_id, closed_by;
  core::instant observed_at{};  // when the API was asked
  std::int64_t version = 0;
  std::vector<order_payment> payments;
  std::vector<order_parcel> parcels;
  std::vector<order_refund> refunds;
};

// The order's detail is to be read.
struct awaited_detail {
  core::instant due_at{};
  std::int64_t tries = 0;  // that failed since it was queued
  core::text reason;       // why the last of them failed
};

struct order_report {
  std::int64_t id = 0;
  std::string account;
  core::text order_no, tb_order_id;
  core::integer status, pay_status, refund_status;
  core::text status_name, pay_status_name;
  core::text seller_login_id, close_reason;
  core::fen product_amount_fen, shipping_fee_fen, discount_fen, total_amount_fen, refund_amount_fen;
  std::optional<core::instant> created_at, tb_created_at;
  core::instant first_seen_at{}, changed_at{};
  core::instant observed_at{};                 // when the API was asked for what is stored
  std::optional<core::instant> vanished_at{};  // the API did not know the order any more
  std::int64_t version = 0;

  std::vector<order_line> lines;
  std::vector<order_version> history;        // oldest first
  std::optional<order_read> last_read;       // none: among the reads that were looked through none was of it
  bool proven = false;                       // its second is, for the account's current scope
  std::vector<order_quarantine> quarantine;  // open values
  std::optional<order_erasure> erased;
  std::optional<order_detail> detail;        // none: it was never read
  std::optional<awaited_detail> detail_due;  // none: it is not to be read

  std::vector<named_value> receiver, warehouse_address;  // personal data; empty unless asked for
};

}  // namespace ordersync::store::reports
