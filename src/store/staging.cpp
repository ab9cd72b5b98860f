#include "store/staging.hpp"

#include "store/order_columns.hpp"
#include "store/statements.hpp"

namespace ordersync::store {
namespace {

// Encoded text is handed to the connection in pieces of about this size, so memory does not grow with the batch.
constexpr std::size_t enough_text = 256 * 1024;

template <class Row>
table_shape shape(const row_table<Row>& table) {
  return {table.name, table.names(), table.key_columns, table.compared};
}

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

template <class Row, class RowsOf>
void stage(connection& db, const row_table<Row>& table, const std::vector<const core::order*>& orders, RowsOf rows_of) {
  copy_text text;
  db.begin_copy("stage orders", copy_to_staging(shape(table)));
  for (const auto* order : orders) {
    for_each_row(rows_of(*order), [&](const Row& row) { table.write(text, *order, row); });
    if (text.text().size() < enough_text) continue;
    db.put_copy(text.text());
    text.clear();
  }
  db.put_copy(text.text());
  db.end_copy();
}

template <class Row, class RowsOf>
void write_rows(connection& db, const row_table<Row>& table, const std::vector<const core::order*>& orders,
                bool some_exist, RowsOf rows_of) {
  stage(db, table, orders, rows_of);
  if (some_exist) db.exec("delete what is gone", delete_vanished(shape(table)));
  db.exec("write what belongs to orders", merge_staged(shape(table)));
}

}  // namespace

void create_staging_tables(connection& db) {
  for (const auto& table : {shape(orders_table), shape(items_table), shape(cargo_table), shape(receivers_table),
                            shape(warehouse_addresses_table), shape(payloads_table)}) {
    db.exec("create staging tables", create_staging(table));
  }
}

void write_orders(connection& db, const std::vector<const core::order*>& orders, const std::string& account,
                  bool some_exist) {
  const auto itself = [](const core::order& o) -> const core::order& { return o; };
  stage(db, orders_table, orders, itself);
  db.exec("write orders", merge_staged_orders(shape(orders_table)), {account});
  write_rows(
      db, items_table, orders, some_exist, [](const auto& o) -> const auto& { return o.items; });
  write_rows(
      db, cargo_table, orders, some_exist, [](const auto& o) -> const auto& { return o.cargo; });
  write_rows(
      db, receivers_table, orders, some_exist, [](const auto& o) -> const auto& { return o.receiver; });
  write_rows(
      db, warehouse_addresses_table, orders, some_exist,
      [](const auto& o) -> const auto& { return o.warehouse_address; });
  write_rows(db, payloads_table, orders, false, itself);
}

}  // namespace ordersync::store
