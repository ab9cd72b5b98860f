#include "store/orders/staging.hpp"

#include "store/orders/history.hpp"
#include "store/orders/order_columns.hpp"
#include "store/orders/order_counts.hpp"
#include "store/orders/statements.hpp"
#include "store/pg/precondition_failed.hpp"

#include <fmt/format.h>

#include <unordered_set>

namespace ordersync::store::orders {
namespace {

// Encoded text is handed to the connection in pieces of about this size, so memory does not grow with the batch.
constexpr std::size_t enough_text = 256UL * 1024;

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
template <class Use>
void for_each_row(const core::order* itself, Use use) {
  if (itself != nullptr) use(*itself);
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

// Calls write(text, row) for each row of each order, and hands the text over. Returns the number of rows.
template <class Text, class RowsOf, class Write>
std::int64_t put_rows(pg::connection& db, Text& text, const order_list& orders, RowsOf rows_of, Write write) {
  std::int64_t rows = 0;
  for (const auto* order : orders) {
    for_each_row(rows_of(*order), [&](const auto& row) {
      write(*order, row);
      ++rows;
    });
    if (text.text().size() < enough_text) continue;
    db.put_copy(text.text());
    text.clear();
  }
  return rows;
}

template <class Row, class RowsOf>
void copy(pg::connection& db, std::string sql, const row_table<Row>& table, const order_list& orders,
          const ownership& owners, RowsOf rows_of) {
  std::int64_t rows = 0;
  if (table.write_binary == nullptr) {
    values::copy_text text;
    db.begin_copy("copy orders", sql);
    rows = put_rows(db, text, orders, rows_of,
                    [&](const core::order& order, const Row& row) { table.write(text, owners.of(order), row); });
    db.put_copy(text.text());
  } else {
    values::copy_binary bytes;
    db.begin_copy("copy orders", sql += " (FORMAT binary)");
    rows = put_rows(db, bytes, orders, rows_of, [&](const core::order& order, const Row& row) {
      table.write_binary(bytes, owners.of(order), row);
    });
    bytes.end();
    db.put_copy(bytes.text());
  }
  require_all(table.name, db.end_copy(), rows);
}

const core::order& itself(const core::order& o) {
  return o;
}

// Calls use(table, rows_of) for each table of an order, the orders themselves first, as the foreign
// keys ask.
template <class Use>
void for_each_table(Use use) {
  use(orders_table, itself);
  use(
      items_table, [](const core::order& o) -> const auto& { return o.items; });
  use(
      cargo_table, [](const core::order& o) -> const auto& { return o.cargo; });
  use(
      receivers_table, [](const core::order& o) -> const auto& { return o.receiver; });
  use(
      warehouse_addresses_table, [](const core::order& o) -> const auto& { return o.warehouse_address; });
  // Of an order that was erased the payload is redacted.
  use(payloads_table, [](const core::order& o) { return o.payload.empty() ? nullptr : &o; });
}

void insert(pg::connection& db, const order_list& created, const ownership& owners) {
  for_each_table([&](const auto& table, auto rows_of) {
    copy(db, copy_to_table(table.shape()), table, created, owners, rows_of);
  });
}

// All is staged before anything is written: the history takes what is there, and compares it with what is staged.
void merge(pg::connection& db, const order_list& changed, const ownership& owners) {
  create_staging_tables(db);
  for_each_table([&](const auto& table, auto rows_of) {
    copy(db, copy_to_staging(table.shape()), table, changed, owners, rows_of);
  });
  static const auto follow = follow_history(staged_ids);
  static const auto stage = stage_former_states(shapes_of_orders());
  db.exec("follow the history", follow);
  db.exec("stage former states", stage);
  db.exec("write history", write_former_states());
  for_each_table([&](const auto& table, auto) {
    const auto its = table.shape();
    if (its.name == orders_table.name) {
      const auto written = db.exec("write orders", merge_staged_orders(its)).affected();
      require_all(its.name, written, static_cast<std::int64_t>(changed.size()));
    } else {
      db.exec("delete what is gone", delete_vanished(its));
      db.exec("write what belongs to orders", merge_staged(its));
    }
  });
}

void subtract_held(pg::connection& db, const order_list& changed, order_counts& counts) {
  std::vector<std::int64_t> ids;
  ids.reserve(changed.size());
  for (const auto* order : changed) ids.push_back(order->id);
  for (const auto& [key, held] : read_counts(db, ids)) counts[key] += -held;
}

void add_written(const order_list& written, const ownership& owners, order_counts& counts) {
  for (const auto* order : written) counts[key_of(*order, owners.owner_of(*order))] += count_of(*order);
}

// New ones that have a history are written over what that makes of them.
void sort_out_returned(pg::connection& db, const order_list& wanted, const std::string& account, order_list& created,
                       order_list& changed) {
  std::vector<std::int64_t> ids;
  ids.reserve(wanted.size());
  for (const auto* order : wanted) ids.push_back(order->id);
  const auto r = db.exec("look for a history", return_from_history(), {values::array_literal(ids), account});
  std::unordered_set<std::int64_t> returned;
  for (int row = 0; row < r.size(); ++row) returned.insert(r.integer(row, 0));
  for (const auto* order : wanted) (returned.contains(order->id) ? changed : created).push_back(order);
}

}  // namespace

void create_staging_tables(pg::connection& db) {
  if (!db.take_fresh()) return;
  db.exec("create staging tables", create_findings_staging());
  for_each_table([&](const auto& table, auto) { db.exec("create staging tables", create_staging(table.shape())); });
  db.exec("create staging tables", create_former_staging());
}

void write_orders(pg::connection& db, const orders_to_write& orders, const std::string& account) {
  order_list created;
  auto changed = orders.changed;
  order_counts counts;
  if (!changed.empty()) subtract_held(db, changed, counts);
  if (!orders.created.empty()) sort_out_returned(db, orders.created, account, created, changed);
  if (!created.empty()) insert(db, created, {account});
  if (!changed.empty()) merge(db, changed, {account, &orders.owners});
  add_written(created, {account}, counts);
  add_written(changed, {account, &orders.owners}, counts);
  add_counts(db, counts);
}

}  // namespace ordersync::store::orders
