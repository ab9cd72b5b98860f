#include "bench/rows.hpp"

#include "pandapon/decode/content_hash.hpp"
#include "store/orders/order_columns.hpp"

namespace ordersync::bench {
namespace {

template <class Row, class ForEachRow>
order_table table_of(const store::orders::row_table<Row>& its, ForEachRow for_each_row) {
  const auto names = its.shape().columns;
  return {.name = std::string{its.name},
          .columns = {names.begin(), names.end()},
          .key_columns = static_cast<std::size_t>(its.key_columns),
          .key_condition = {},
          .write = [&its, for_each_row](store::values::copy_binary& out, const core::order& order) {
            for_each_row(order, [&](const Row& row) { its.write(out, {order, account}, row); });
          }};
}

template <class Row>
order_table table_of(const store::orders::row_table<Row>& its, std::vector<Row> core::order::*rows) {
  return table_of(its, [rows](const core::order& order, auto use) {
    for (const auto& row : order.*rows) use(row);
  });
}

template <class Row>
order_table table_of(const store::orders::row_table<Row>& its, std::optional<Row> core::order::*row) {
  return table_of(its, [row](const core::order& order, auto use) {
    if (order.*row) use(*(order.*row));
  });
}

order_table table_of(const store::orders::row_table<core::order>& its) {
  return table_of(its, [](const core::order& order, auto use) { use(order); });
}

// As the API serves them.
order_table whole_payloads() {
  return table_of(store::orders::payloads_table, [](const core::order& order, auto use) {
    use(store::orders::payload_row{std::nullopt, order.payload, order.payload_sha256});
  });
}

void write_quarantine(store::values::copy_binary& out, const core::order& order) {
  for (const auto& note : order.notes) {
    out.begin_row(8);
    out.add(order.id);
    out.add(note.path);
    out.add(core::sha256_of(note.raw));
    for (const auto& text : {account, note.reason, note.raw}) out.add(text);
    for (int times = 0; times < 2; ++times) out.add(order.observed_at);
  }
}

order_table quarantine() {
  return {.name = "quarantine",
          .columns = {"order_id", "path", "raw_sha256", "account", "reason", "raw", "first_seen_at", "last_seen_at"},
          .key_columns = 3,
          .key_condition = "resolved_at IS NULL AND order_id IS NOT NULL",
          .write = write_quarantine};
}

}  // namespace

const std::vector<order_table>& order_tables() {
  static const std::vector<order_table> all{
      table_of(store::orders::orders_table),
      table_of(store::orders::items_table, &core::order::items),
      table_of(store::orders::cargo_table, &core::order::cargo),
      table_of(store::orders::receivers_table, &core::order::receiver),
      table_of(store::orders::warehouse_addresses_table, &core::order::warehouse_address),
      whole_payloads(),
      quarantine(),
  };
  return all;
}

}  // namespace ordersync::bench
