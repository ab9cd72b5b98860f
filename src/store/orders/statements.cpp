#include "store/orders/statements.hpp"

#include <fmt/format.h>

#include <span>

namespace ordersync::store::orders {
namespace {

using names = std::span<const std::string_view>;

std::string list(names columns, std::string_view prefix = "") {
  std::string out;
  for (const auto& column : columns) {
    if (!out.empty()) out += ", ";
    out += prefix;
    out += column;
  }
  return out;
}

names keys(const table_shape& table) {
  return names{table.columns}.first(static_cast<std::size_t>(table.key_columns));
}
names values(const table_shape& table) {
  return names{table.columns}.subspan(static_cast<std::size_t>(table.key_columns));
}

std::string assignments(names columns) {
  std::string out;
  for (const auto& column : columns) out += fmt::format("{}{} = excluded.{}", out.empty() ? "" : ", ", column, column);
  return out;
}

}  // namespace

std::string create_staging(const table_shape& table) {
  return fmt::format(
      "CREATE TEMPORARY TABLE staged_{0} ON COMMIT DELETE ROWS AS SELECT {1} FROM ordersync.{0} WITH NO DATA",
      table.name, list(table.columns));
}

std::string create_findings_staging() {
  return "CREATE TEMPORARY TABLE staged_findings (order_id bigint, path text, reason text, raw text, raw_sha256 bytea, "
         "seen_at timestamptz) ON COMMIT DELETE ROWS";
}

std::string copy_to_staging(const table_shape& table) {
  return fmt::format("COPY pg_temp.staged_{} ({}) FROM STDIN (FORMAT binary)", table.name, list(table.columns));
}

std::string copy_to_table(const table_shape& table) {
  return fmt::format("COPY ordersync.{} ({}) FROM STDIN (FORMAT binary)", table.name, list(table.columns));
}

std::string merge_staged(const table_shape& table) {
  const std::vector<std::string_view> one{table.compared};
  const auto compared = table.compared.empty() ? values(table) : names{one};
  return fmt::format(
      "INSERT INTO ordersync.{0} AS held ({1}) SELECT {1} FROM pg_temp.staged_{0} "
      "ON CONFLICT ({2}) DO UPDATE SET {3} WHERE ({4}) IS DISTINCT FROM ({5})",
      table.name, list(table.columns), list(keys(table)), assignments(values(table)), list(compared, "held."),
      list(compared, "excluded."));
}

// A DELETE ... USING or a correlated NOT EXISTS would say the same; Citus takes neither of a temporary table. The keys
// that are staged are never NULL.
std::string delete_vanished(const table_shape& table) {
  const auto key = list(keys(table));
  return fmt::format(
      "DELETE FROM ordersync.{0} WHERE order_id = ANY ($1::bigint[]) "
      "AND ({1}) NOT IN (SELECT {1} FROM pg_temp.staged_{0})",
      table.name, key);
}

std::string delete_of_orders(const table_shape& table) {
  return fmt::format("DELETE FROM ordersync.{} WHERE order_id = ANY ($1::bigint[])", table.name);
}

std::string merge_staged_orders(const table_shape& orders) {
  std::vector<std::string_view> plain;
  for (const auto& column : values(orders)) {
    if (column != "_first_seen_at" && column != "_changed_at" && column != "_version") plain.push_back(column);
  }
  // An order taken over from an account that is not configured any more may be the same as before.
  constexpr std::string_view same = "held._content_hash = excluded._content_hash AND held._vanished_at IS NULL";
  return fmt::format(
      "INSERT INTO ordersync.orders AS held ({0}, _changed) SELECT {1}, former.changes FROM pg_temp.staged_orders AS "
      "staged LEFT JOIN pg_temp.staged_former AS former ON former.order_id = staged.id "
      "ON CONFLICT (id) DO UPDATE SET {2}, _vanished_at = NULL, "
      "_changed = CASE WHEN {3} THEN held._changed ELSE excluded._changed END, "
      "_changed_at = CASE WHEN {3} THEN held._changed_at ELSE excluded._changed_at END, "
      "_version = held._version + CASE WHEN {3} THEN 0 ELSE 1 END",
      list(orders.columns), list(orders.columns, "staged."), assignments(plain), same);
}

}  // namespace ordersync::store::orders
