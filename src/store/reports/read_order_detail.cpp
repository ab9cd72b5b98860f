#include "store/reports/read_order_detail.hpp"

#include "store/values/sql_values.hpp"

#include <fmt/format.h>

namespace ordersync::store::reports {
namespace {

using values::epoch_ms;
using values::read_number;
using values::read_optional_instant;
using values::read_text;

std::vector<order_payment> read_payments(pg::connection& db, const std::string& id) {
  const auto r = db.exec("read an order's payments",
                         fmt::format("SELECT phase, pay_status, coalesce(pay_way_name, pay_way), {}, amount_fen FROM "
                                     "ordersync.order_payments WHERE order_id = $1 ORDER BY position",
                                     epoch_ms("paid_at")),
                         {id});
  std::vector<order_payment> payments;
  for (int row = 0; row < r.size(); ++row)
    payments.push_back({.phase = read_text(r, row, 0),
                        .status = read_text(r, row, 1),
                        .way = read_text(r, row, 2),
                        .paid_at = read_optional_instant(r, row, 3),
                        .amount_fen = read_number(r, row, 4)});
  return payments;
}

std::vector<order_parcel> read_parcels(pg::connection& db, const std::string& id) {
  const auto r = db.exec("read an order's parcels",
                         fmt::format("SELECT company_name, waybill_number, status, {}, coalesce(cardinality(item_ids), "
                                     "0) FROM ordersync.order_shipments WHERE order_id = $1 ORDER BY position",
                                     epoch_ms("shipped_at")),
                         {id});
  std::vector<order_parcel> parcels;
  for (int row = 0; row < r.size(); ++row)
    parcels.push_back({.company = read_text(r, row, 0),
                       .waybill_number = read_text(r, row, 1),
                       .status = read_text(r, row, 2),
                       .shipped_at = read_optional_instant(r, row, 3),
                       .lines = r.integer(row, 4)});
  return parcels;
}

std::vector<order_refund> read_refunds(pg::connection& db, const std::string& id) {
  const auto r = db.exec("read an order's refunds",
                         fmt::format("SELECT refund_id, status, after_sale_status, amount_fen, {}, {}, {} FROM "
                                     "ordersync.order_refunds WHERE order_id = $1 ORDER BY created_at, refund_id",
                                     epoch_ms("created_at"), epoch_ms("modified_at"), epoch_ms("completed_at")),
                         {id});
  std::vector<order_refund> refunds;
  for (int row = 0; row < r.size(); ++row)
    refunds.push_back({.id = std::string{r.text(row, 0)},
                       .status = read_text(r, row, 1),
                       .after_sale_status = read_text(r, row, 2),
                       .amount_fen = read_number(r, row, 3),
                       .created_at = read_optional_instant(r, row, 4),
                       .modified_at = read_optional_instant(r, row, 5),
                       .completed_at = read_optional_instant(r, row, 6)});
  return refunds;
}

}  // namespace

std::optional<order_detail> read_order_detail(pg::connection& db, const std::string& id) {
  const auto r = db.exec(
      "read an order's detail",
      fmt::format("SELECT {}, {}, {}, {}, {}, {}, alipay_trade_id, closed_by, {}, _version FROM "
                  "ordersync.order_details WHERE order_id = $1",
                  epoch_ms("paid_at"), epoch_ms("all_shipped_at"), epoch_ms("received_at"), epoch_ms("confirmed_at"),
                  epoch_ms("completed_at"), epoch_ms("pay_deadline"), epoch_ms("_observed_at")),
      {id});
  if (r.size() == 0) return std::nullopt;
  order_detail detail;
  int column = 0;
  for (auto* into : {&detail.paid_at, &detail.all_shipped_at, &detail.received_at, &detail.confirmed_at,
                     &detail.completed_at, &detail.pay_deadline})
    *into = read_optional_instant(r, 0, column++);
  detail.alipay_trade_id = read_text(r, 0, column++);
  detail.closed_by = read_text(r, 0, column++);
  detail.observed_at = values::read_instant(r, 0, column++);
  detail.version = r.integer(0, column++);
  detail.payments = read_payments(db, id);
  detail.parcels = read_parcels(db, id);
  detail.refunds = read_refunds(db, id);
  return detail;
}

std::optional<awaited_detail> read_awaited_detail(pg::connection& db, const std::string& id) {
  const auto r = db.exec(
      "read whether an order's detail is due",
      fmt::format("SELECT {}, tries, reason FROM ordersync.detail_queue WHERE order_id = $1", epoch_ms("due_at")),
      {id});
  if (r.size() == 0) return std::nullopt;
  return awaited_detail{
      .due_at = values::read_instant(r, 0, 0), .tries = r.integer(0, 1), .reason = read_text(r, 0, 2)};
}

}  // namespace ordersync::store::reports
