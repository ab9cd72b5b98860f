#include "store/orders/staging.hpp"

#include "store/orders/change_numbers.hpp"
#include "store/orders/history.hpp"
#include "store/orders/order_columns.hpp"
#include "store/orders/order_counts.hpp"
#include "store/orders/statements.hpp"
#include "store/payloads/shape_table.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/values/literals.hpp"

#include <fmt/format.h>

#include <unordered_set>

namespace ordersync::store::orders {
namespace {

// Encoded rows are handed to the connection in pieces of about this size, so memory does not grow with the batch.
constexpr std::size_t enough_bytes = 256UL * 1024;

// An order's rows of one table.
template <class Row, class Use>
void for_each_row(const std::vector<Row>& rows, Use use) {
  for (const auto& row : rows) use(row);
}
template <class Row, class Use>
void for_each_row(const std::optional<Row>& row, Use use) {
  if (row) use(*row);
}
template <class Use>
void for_each_row(const core::order& itself, Use use) {
  use(itself);
}

using order_list = std::vector<const core::order*>;

// Whose orders they are.
struct ownership {
  const std::string& account;
  const std::unordered_map<std::int64_t, std::string>* others = nullptr;

  const std::string& owner_of(const core::order& order) const {
    if (others != nullptr) {
      if (const auto at = others->find(order.id); at != others->end()) return at->second;
    }
    return account;
  }
  row_owner of(const core::order& order) const { return {order, owner_of(order)}; }
};

// A trigger that drops rows without an error would lose them.
void require_all(std::string_view table, std::int64_t taken, std::int64_t of) {
  if (taken == of) return;
  pg::refuse(core::failure::database,
             fmt::format("ordersync.{} took {} of {} rows: a trigger or a rule there drops the others; remove it",
                         table, taken, of));
}

template <class Row, class RowsOf>
void copy(pg::connection& db, const std::string& sql, const row_table<Row>& table, const order_list& orders,
          const ownership& owners, RowsOf rows_of) {
  values::copy_binary bytes;
  std::int64_t rows = 0;
  db.begin_copy("copy orders", sql);
  for (const auto* order : orders) {
    const auto owner = owners.of(*order);
    for_each_row(rows_of(*order), [&](const Row& row) {
      table.write(bytes, owner, row);
      ++rows;
    });
    if (bytes.bytes().size() < enough_bytes) continue;
    db.put_copy(bytes.bytes());
    bytes.clear();
  }
  bytes.end();
  db.put_copy(bytes.bytes());
  require_all(table.name, db.end_copy(), rows);
}

const core::order& itself(const core::order& o) {
  return o;
}

// Of an order that was erased the payload is redacted.
auto pack_payloads(payloads::dictionary& shapes) {
  return [&shapes](const core::order& order) -> std::optional<payload_row> {
    if (order.payload.empty()) return std::nullopt;
    const auto packed = shapes.pack(order.payload);
    return payload_row{packed.shape, packed.body, order.payload_sha256};
  };
}

// Where it matters only whether there is a row.
std::optional<payload_row> shows_payload(const core::order& order) {
  return order.payload.empty() ? std::nullopt : std::optional<payload_row>{payload_row{}};
}

// Calls use(table, rows_of) for each table of an order, the orders themselves first, as the foreign
// keys ask.
template <class PayloadOf, class Use>
void for_each_table(PayloadOf payload_of, Use use) {
  use(orders_table, itself);
  use(
      items_table, [](const core::order& o) -> const auto& { return o.items; });
  use(
      cargo_table, [](const core::order& o) -> const auto& { return o.cargo; });
  use(
      receivers_table, [](const core::order& o) -> const auto& { return o.receiver; });
  use(
      warehouse_addresses_table, [](const core::order& o) -> const auto& { return o.warehouse_address; });
  use(payloads_table, payload_of);
}

payloads::dictionary prepare_dictionary(pg::connection& db, const order_list& created, const order_list& changed) {
  std::vector<std::string_view> payloads;
  for (const auto* orders : {&created, &changed}) {
    for (const auto* order : *orders) {
      if (!order->payload.empty()) payloads.push_back(order->payload);
    }
  }
  auto shapes = payloads::read_dictionary(db);
  payloads::extend_dictionary(db, shapes, payloads);
  return shapes;
}

void insert(pg::connection& db, const order_list& created, const ownership& owners, payloads::dictionary& shapes) {
  for_each_table(pack_payloads(shapes), [&](const auto& table, auto rows_of) {
    copy(db, copy_to_table(table.shape()), table, created, owners, rows_of);
  });
}

std::vector<std::int64_t> ids_in(const order_list& orders) {
  std::vector<std::int64_t> ids;
  ids.reserve(orders.size());
  for (const auto* order : orders) ids.push_back(order->id);
  return ids;
}
std::string ids_of(const order_list& orders) {
  return values::array_literal(ids_in(orders));
}

// Rows that the orders do not have any more. Of a table with a row an order at most, the orders without one say which.
template <class RowsOf>
void delete_gone(pg::connection& db, const table_shape& table, const order_list& changed, const std::string& ids,
                 RowsOf rows_of) {
  if (table.key_columns > 1) {
    db.exec("delete what is gone", delete_vanished(table), {ids});
    return;
  }
  std::vector<std::int64_t> without;
  for (const auto* order : changed) {
    bool any = false;
    for_each_row(rows_of(*order), [&](const auto&) { any = true; });
    if (!any) without.push_back(order->id);
  }
  if (!without.empty()) db.exec("delete what is gone", delete_of_orders(table), {values::array_literal(without)});
}

// All is staged before anything is written: the history takes what is there, and compares it with what is staged.
void merge(pg::connection& db, const order_list& changed, const ownership& owners, payloads::dictionary& shapes) {
  create_staging_tables(db);
  for_each_table(pack_payloads(shapes), [&](const auto& table, auto rows_of) {
    copy(db, copy_to_staging(table.shape()), table, changed, owners, rows_of);
  });
  static const auto follow = follow_history();
  static const auto stage = stage_former_states(shapes_of_orders());
  const auto ids = ids_of(changed);
  db.exec("follow the history", follow, {ids});
  db.exec("stage former states", stage, {ids});
  db.exec("write history", write_former_states());
  for_each_table(shows_payload, [&](const auto& table, auto rows_of) {
    const auto its = table.shape();
    if (its.name == orders_table.name) {
      const auto written = db.exec("write orders", merge_staged_orders(its)).affected();
      require_all(its.name, written, static_cast<std::int64_t>(changed.size()));
    } else {
      delete_gone(db, its, changed, ids, rows_of);
      db.exec("write what belongs to orders", merge_staged(its));
    }
  });
}

void subtract_held(pg::connection& db, const order_list& changed, order_counts& counts) {
  for (const auto& [key, held] : read_counts(db, ids_in(changed))) counts[key] += -held;
}

void add_written(const order_list& written, const ownership& owners, order_counts& counts) {
  for (const auto* order : written) counts[key_of(*order, owners.owner_of(*order))] += count_of(*order);
}

// New ones that have a history are written over what that makes of them.
void sort_out_returned(pg::connection& db, const order_list& wanted, const std::string& account, order_list& created,
                       order_list& changed) {
  const auto r = db.exec("look for a history", return_from_history(), {ids_of(wanted), account});
  std::unordered_set<std::int64_t> returned;
  for (int row = 0; row < r.size(); ++row) returned.insert(r.integer(row, 0));
  for (const auto* order : wanted) (returned.contains(order->id) ? changed : created).push_back(order);
}

}  // namespace

void create_staging_tables(pg::connection& db) {
  if (!db.take_fresh()) return;
  db.exec("create staging tables", create_findings_staging());
  for_each_table(shows_payload,
                 [&](const auto& table, auto) { db.exec("create staging tables", create_staging(table.shape())); });
  db.exec("create staging tables", create_former_staging());
}

void write_orders(pg::connection& db, const orders_to_write& orders, const std::string& account) {
  order_list created;
  auto changed = orders.changed;
  order_counts counts;
  if (!changed.empty()) subtract_held(db, changed, counts);
  if (!orders.created.empty()) sort_out_returned(db, orders.created, account, created, changed);
  if (!created.empty() || !changed.empty()) {
    auto shapes = prepare_dictionary(db, created, changed);
    if (!created.empty()) insert(db, created, {account}, shapes);
    if (!changed.empty()) merge(db, changed, {account, &orders.owners}, shapes);
    number_versions(db, ids_in(created), !changed.empty());
  }
  add_written(created, {account}, counts);
  add_written(changed, {account, &orders.owners}, counts);
  add_counts(db, counts);
}

}  // namespace ordersync::store::orders
