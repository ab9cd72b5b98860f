#include "store/orders/state_sql.hpp"

#include <fmt/format.h>

namespace ordersync::store::orders {
namespace {

std::string value_of(const state_column& column, std::string_view alias) {
  if (column.as == in_state::texts) return fmt::format("{}.{}::text[]", alias, column.name);
  if (column.as != in_state::time) return fmt::format("{}.{}", alias, column.name);
  return fmt::format(R"(to_char({}.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))", alias, column.name);
}

// JSON's null and no value are the same in a state.
std::string compared(const state_column& column, std::string_view alias) {
  if (column.as == in_state::json) return fmt::format("coalesce({}.{}, 'null')", alias, column.name);
  return fmt::format("{}.{}", alias, column.name);
}

}  // namespace

std::string state_object(const table_shape& table, std::string_view alias) {
  std::string members;
  for (const auto& column : table.state)
    members += fmt::format("{}'{}', {}", members.empty() ? "" : ", ", column.name, value_of(column, alias));
  return fmt::format("jsonb_build_object({})", members);
}

std::string state_list(const table_shape& table, std::string_view order, std::string_view ids) {
  return fmt::format(
      "(SELECT one.order_id, jsonb_agg({} ORDER BY {}) AS list FROM ordersync.{} AS one WHERE one.order_id {} GROUP BY "
      "one.order_id)",
      state_object(table, "one"), order, table.name, ids);
}

std::string differences(const table_shape& table, std::string_view path, std::string_view old_alias,
                        std::string_view new_alias) {
  std::string members;
  for (const auto& column : table.state)
    members += fmt::format(
        ", CASE WHEN {} IS DISTINCT FROM {} THEN '\"' || {} || '{}\": ' || jsonb_build_object('old', {}, 'new', "
        "{})::text END",
        compared(column, old_alias), compared(column, new_alias), path, column.name, value_of(column, old_alias),
        value_of(column, new_alias));
  return fmt::format("nullif(concat_ws(', '{}), '')", members);
}

std::string list_differences(const table_shape& table, std::string_view name, std::string_view key,
                             std::string_view ids) {
  const auto whole = [&](std::string_view alias) {
    return fmt::format("CASE WHEN {0}.order_id IS NOT NULL THEN {1} END", alias, state_object(table, alias));
  };
  const auto element = fmt::format("'{}[' || coalesce(o.{}, n.{}) || ']'", name, key, key);
  return fmt::format(
      "(SELECT coalesce(o.order_id, n.order_id) AS order_id, string_agg("
      "CASE WHEN o.order_id IS NULL OR n.order_id IS NULL THEN '\"' || {0} || '\": ' || jsonb_build_object('old', {1}, "
      "'new', {2})::text ELSE {3} END, ', ') AS members "
      "FROM (SELECT * FROM ordersync.{4} WHERE order_id {5}) AS o FULL JOIN pg_temp.staged_{4} AS n "
      "ON n.order_id = o.order_id AND n.{6} = o.{6} GROUP BY 1)",
      element, whole("o"), whole("n"), differences(table, element + " || '.'", "o", "n"), table.name, ids, key);
}

}  // namespace ordersync::store::orders
