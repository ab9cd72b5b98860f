#include "store/reports/read_order.hpp"

#include "core/utf8.hpp"
#include "store/reports/last_read.hpp"
#include "store/reports/read_order_detail.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace ordersync::store::reports {
namespace {

using values::read_number;
using values::read_text;

constexpr int most_orders = 20;

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto next = core::first_character(text);
    if (!next.valid) return false;
    text.remove_prefix(next.bytes);
  }
  return true;
}

bool can_be_a_number(const std::string& text) {
  return !text.empty() && text.size() <= longest_number && is_utf8(text) && text.find('\0') == std::string::npos;
}

pg::param as_id(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(id);
}

order_report read_row(const pg::rows& r, int row) {
  order_report order;
  int column = 0;
  order.id = r.integer(row, column++);
  order.account = r.text(row, column++);
  for (auto* into : {&order.order_no, &order.tb_order_id, &order.status_name, &order.pay_status_name,
                     &order.seller_login_id, &order.close_reason})
    *into = read_text(r, row, column++);
  for (auto* into : {&order.status, &order.pay_status, &order.refund_status, &order.product_amount_fen,
                     &order.shipping_fee_fen, &order.discount_fen, &order.total_amount_fen, &order.refund_amount_fen})
    *into = read_number(r, row, column++);
  order.version = r.integer(row, column++);
  order.created_at = values::read_optional_instant(r, row, column++);
  order.tb_created_at = values::read_optional_instant(r, row, column++);
  order.vanished_at = values::read_optional_instant(r, row, column++);
  order.first_seen_at = values::read_instant(r, row, column++);
  order.changed_at = values::read_instant(r, row, column++);
  order.observed_at = values::read_instant(r, row, column++);
  order.proven = r.flag(row, column++);
  return order;
}

std::vector<order_report> find_orders(pg::connection& db, const std::string& number) {
  // Each part by its own index: the two numbers are indexed by their first 500 characters.
  static const auto statement = fmt::format(
      "SELECT o.id, o._account, o.order_no, o.tb_order_id, reporting.order_status_name(o.order_status), "
      "reporting.pay_status_name(o.pay_status), o.seller_login_id, o.close_reason, o.order_status, o.pay_status, "
      "o.refund_status, o.product_amount_fen, o.shipping_fee_fen, o.discount_fen, o.total_amount_fen, "
      "o.refund_amount_fen, o._version, {}, {}, {}, {}, {}, {}, "
      "coalesce(c.proven @> coalesce(o.created_at, o.tb_created_at), false) FROM ("
      "SELECT id FROM ordersync.orders WHERE id = $1::bigint UNION "
      "SELECT id FROM ordersync.orders WHERE left(order_no, 500) = $2 AND order_no = $2 UNION "
      "SELECT id FROM ordersync.orders WHERE left(tb_order_id, 500) = $2 AND tb_order_id = $2 "
      "ORDER BY id LIMIT {}) AS found JOIN ordersync.orders AS o USING (id) "
      "LEFT JOIN ordersync.coverage AS c ON c.account = o._account ORDER BY o.id",
      values::epoch_ms("o.created_at"), values::epoch_ms("o.tb_created_at"), values::epoch_ms("o._vanished_at"),
      values::epoch_ms("o._first_seen_at"), values::epoch_ms("o._changed_at"), values::epoch_ms("o._observed_at"),
      most_orders);
  const auto r = db.exec("find orders by number", statement, {as_id(number), number});
  std::vector<order_report> orders;
  for (int row = 0; row < r.size(); ++row) orders.push_back(read_row(r, row));
  return orders;
}

std::vector<order_line> read_lines(pg::connection& db, const std::string& id) {
  const auto r = db.exec("read an order's lines",
                         "SELECT id, sub_tb_order_id, product_id, name, quantity, unit, "
                         "reporting.sku_text(sku_attributes), reporting.order_status_name(status), price_fen, "
                         "item_amount_fen, refund_fen, status FROM ordersync.order_items WHERE order_id = $1 "
                         "ORDER BY position, id",
                         {id});
  std::vector<order_line> lines;
  for (int row = 0; row < r.size(); ++row) {
    auto& line = lines.emplace_back();
    int column = 0;
    line.id = r.integer(row, column++);
    for (auto* into : {&line.sub_tb_order_id, &line.product_id, &line.name, &line.quantity, &line.unit, &line.sku,
                       &line.status_name})
      *into = read_text(r, row, column++);
    for (auto* into : {&line.price_fen, &line.item_amount_fen, &line.refund_fen, &line.status})
      *into = read_number(r, row, column++);
  }
  return lines;
}

std::vector<order_version> read_history(pg::connection& db, const std::string& id) {
  const auto r = db.exec("read an order's history",
                         "SELECT version, " + values::epoch_ms("valid_from") +
                             ", account, reporting.order_status_name(order_status), vanished "
                             "FROM reporting.order_versions WHERE order_key = $1 ORDER BY version",
                         {id});
  std::vector<order_version> history;
  for (int row = 0; row < r.size(); ++row)
    history.push_back({.version = r.integer(row, 0),
                       .since = values::read_instant(r, row, 1),
                       .account = std::string{r.text(row, 2)},
                       .status_name = read_text(r, row, 3),
                       .vanished = r.flag(row, 4),
                       .changes = {}});
  return history;
}

// OFFSET 0 keeps the subquery apart: Citus takes no function beside a union.
void read_changes(pg::connection& db, const std::string& id, std::vector<order_version>& history) {
  const auto r =
      db.exec("read an order's changes",
              "SELECT h.version, c.key, c.value ->> 'old', c.value ->> 'new', "
              "coalesce(reporting.change_text(c.key, c.value), c.key) FROM (SELECT version, changed FROM "
              "reporting.order_versions WHERE order_key = $1 OFFSET 0) AS h CROSS JOIN jsonb_each(h.changed) AS c "
              "ORDER BY h.version, c.key LIKE '%[%', c.key NOT LIKE '%status', c.key",
              {id});
  auto at = history.begin();
  for (int row = 0; row < r.size(); ++row) {
    while (at != history.end() && at->version < r.integer(row, 0)) ++at;
    if (at == history.end()) break;
    at->changes.push_back({.field = std::string{r.text(row, 1)},
                           .before = read_text(r, row, 2),
                           .after = read_text(r, row, 3),
                           .text = std::string{r.text(row, 4)}});
  }
}

std::vector<order_quarantine> read_open_values(pg::connection& db, const std::string& id) {
  const auto r = db.exec("read an order's quarantine",
                         "SELECT q.id, q.path, q.reason, q.accepted_at IS NOT NULL OR EXISTS (SELECT FROM "
                         "ordersync.accepted_kinds k WHERE k.path = q.kind_path AND k.reason = q.kind_reason) "
                         "FROM ordersync.quarantine q WHERE q.order_id = $1 AND q.resolved_at IS NULL ORDER BY q.id",
                         {id});
  std::vector<order_quarantine> open;
  for (int row = 0; row < r.size(); ++row)
    open.push_back({r.integer(row, 0), std::string{r.text(row, 1)}, std::string{r.text(row, 2)}, r.flag(row, 3)});
  return open;
}

std::optional<order_erasure> read_erasure(pg::connection& db, const std::string& id) {
  const auto r = db.exec("read an order's erasure",
                         "SELECT reason, personal_data, " + values::epoch_ms("erased_at") +
                             " FROM ordersync.erased_orders WHERE order_id = $1",
                         {id});
  if (r.size() == 0) return std::nullopt;
  return order_erasure{std::string{r.text(0, 0)}, r.flag(0, 1), values::read_instant(r, 0, 2)};
}

std::vector<named_value> read_address(pg::connection& db, std::string_view table, const std::string& id) {
  const auto r =
      db.exec("read an order's address",
              fmt::format("SELECT f.key, f.value FROM ordersync.{} AS a, json_each_text(row_to_json(a)) AS f "
                          "WHERE a.order_id = $1 AND f.key <> 'order_id'",
                          table),
              {id});
  std::vector<named_value> fields;
  for (int row = 0; row < r.size(); ++row) fields.push_back({std::string{r.text(row, 0)}, read_text(r, row, 1)});
  return fields;
}

}  // namespace

std::vector<order_report> read_orders(pg::connection& db, const std::string& number, bool personal) {
  if (!can_be_a_number(number)) return {};
  auto orders = find_orders(db, number);
  for (auto& order : orders) {
    const auto id = std::to_string(order.id);
    order.lines = read_lines(db, id);
    order.history = read_history(db, id);
    read_changes(db, id, order.history);
    order.last_read = read_last_read(db, order);
    order.quarantine = read_open_values(db, id);
    order.erased = read_erasure(db, id);
    order.detail = read_order_detail(db, id);
    order.detail_due = read_awaited_detail(db, id);
    if (!personal) continue;
    order.receiver = read_address(db, "order_receivers", id);
    order.warehouse_address = read_address(db, "order_warehouse_addresses", id);
  }
  return orders;
}

}  // namespace ordersync::store::reports
