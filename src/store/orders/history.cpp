#include "store/orders/history.hpp"

#include <fmt/format.h>

#include <string_view>

namespace ordersync::store::orders {
namespace {

// An order that only changed hands, see merge_staged_orders, is in the state it was in.
constexpr std::string_view differs = "(held._content_hash <> staged._content_hash OR held._vanished_at IS NOT NULL)";

std::string values_of(const table_shape& table, std::string_view alias) {
  std::string out;
  for (auto at = static_cast<std::size_t>(table.key_columns); at < table.columns.size(); ++at)
    out += fmt::format("{}{}.{}", out.empty() ? "" : ", ", alias, table.columns[at]);
  return out;
}

// What is there and what is staged of a table of personal data, as `<alias>_held` and `<alias>_new`; and whether they
// differ.
std::string personal_joins(const table_shape& table, std::string_view alias) {
  return fmt::format(
      "LEFT JOIN ordersync.{0} AS {1}_held ON {1}_held.order_id = held.id "
      "LEFT JOIN pg_temp.staged_{0} AS {1}_new ON {1}_new.order_id = held.id ",
      table.name, alias);
}
std::string personal_differs(const table_shape& table, std::string_view alias) {
  return fmt::format("({}) IS DISTINCT FROM ({})", values_of(table, fmt::format("{}_held", alias)),
                     values_of(table, fmt::format("{}_new", alias)));
}

// What differs between the former list and the new one, as (path, old, new): an element that came or went as a whole,
// of one that stayed each field.
std::string list_differences(std::string_view list, std::string_view key) {
  return fmt::format(
      "SELECT format('{0}[%s]%s', coalesce(n.e, o.e) ->> '{1}', d.field), d.old, d.new "
      "FROM jsonb_array_elements(pair.old_{0}) AS o (e) "
      "FULL JOIN jsonb_array_elements(pair.new_{0}) AS n (e) ON o.e -> '{1}' = n.e -> '{1}' "
      "CROSS JOIN LATERAL ("
      "SELECT '' AS field, o.e AS old, n.e AS new WHERE o.e IS NULL OR n.e IS NULL UNION ALL "
      "SELECT '.' || key, o.e -> key, value FROM jsonb_each(n.e) "
      "WHERE o.e IS NOT NULL AND coalesce(o.e -> key, 'null') <> value) AS d "
      "WHERE pair.old_{0} IS DISTINCT FROM pair.new_{0}",
      list, key);
}

}  // namespace

std::string create_former_staging() {
  return "CREATE TEMPORARY TABLE staged_former (order_id bigint, version integer, valid_from timestamptz, account "
         "text, "
         "besides jsonb, state jsonb) ON COMMIT DELETE ROWS";
}

std::string stage_former_states(const table_shape& receivers, const table_shape& warehouse_addresses) {
  return fmt::format(
      "INSERT INTO pg_temp.staged_former (order_id, version, valid_from, account, besides, state) "
      "SELECT held.id, held._version + 1, staged._observed_at, staged._account, "
      "CASE WHEN {1} THEN '{{\"receiver\": \"changed\"}}'::jsonb ELSE '{{}}' END || "
      "CASE WHEN {2} THEN '{{\"warehouse_address\": \"changed\"}}'::jsonb ELSE '{{}}' END || "
      "CASE WHEN held._vanished_at IS NOT NULL THEN '{{\"vanished\": {{\"old\": true, \"new\": false}}}}'::jsonb "
      "ELSE '{{}}' END, former.state "
      "FROM pg_temp.staged_orders AS staged JOIN ordersync.orders AS held ON held.id = staged.id "
      "LEFT JOIN ordersync.order_history AS former ON former.order_id = held.id AND former.version = held._version "
      "{3} {4} WHERE {0}",
      differs, personal_differs(receivers, "receiver"), personal_differs(warehouse_addresses, "warehouse"),
      personal_joins(receivers, "receiver"), personal_joins(warehouse_addresses, "warehouse"));
}

std::string add_staged_states() {
  // OFFSET 0 keeps the subquery apart, so that each state is taken out of its compressed form once.
  return fmt::format(
      "INSERT INTO ordersync.order_history (order_id, version, valid_from, account, changed, state) "
      "SELECT pair.order_id, pair.version, pair.valid_from, pair.account, "
      "CASE WHEN told.fields = '{{}}' THEN '{{\"payload\": \"changed\"}}' ELSE told.fields END, pair.state "
      "FROM (SELECT former.order_id, former.version, former.valid_from, former.account, former.besides, new.state, "
      "former.state -> 'order' AS old_order, new.state -> 'order' AS new_order, "
      "former.state -> 'items' AS old_items, new.state -> 'items' AS new_items, "
      "former.state -> 'cargo' AS old_cargo, new.state -> 'cargo' AS new_cargo "
      "FROM pg_temp.staged_former AS former JOIN pg_temp.staged_order_history AS new "
      "ON new.order_id = former.order_id OFFSET 0) AS pair "
      "CROSS JOIN LATERAL (SELECT pair.besides || coalesce("
      "jsonb_object_agg(path, jsonb_build_object('old', old, 'new', new)), '{{}}') AS fields FROM ("
      "SELECT key AS path, pair.old_order -> key AS old, value AS new FROM jsonb_each(pair.new_order) "
      "WHERE coalesce(pair.old_order -> key, 'null') <> value "
      "UNION ALL {0} UNION ALL {1}) AS d) AS told",
      list_differences("items", "id"), list_differences("cargo", "position"));
}

std::string follow_history() {
  return "UPDATE ordersync.orders AS held SET _version = last.version FROM (SELECT h.order_id, max(h.version) AS "
         "version "
         "FROM ordersync.order_history AS h WHERE h.order_id IN (SELECT id FROM pg_temp.staged_orders) "
         "GROUP BY h.order_id) AS last WHERE held.id = last.order_id AND held._version < last.version";
}

std::string return_from_history() {
  return "INSERT INTO ordersync.orders (id, _account, _first_seen_at, _changed_at, _observed_at, _vanished_at, "
         "_version, _content_hash) SELECT last.order_id, $2, known.since, last.valid_from, last.valid_from, "
         "CASE WHEN last.vanished THEN last.valid_from END, last.version, '' FROM (SELECT order_id, "
         "min(valid_from) AS since, max(version) AS version FROM ordersync.order_history "
         "WHERE order_id = ANY ($1::bigint[]) GROUP BY order_id) AS known JOIN ordersync.order_history AS last "
         "ON last.order_id = known.order_id AND last.version = known.version "
         "WHERE last.order_id = ANY ($1::bigint[]) RETURNING id";
}

std::string end_former_states() {
  return fmt::format(
      "UPDATE ordersync.order_history AS former SET valid_to = staged._observed_at "
      "FROM pg_temp.staged_orders AS staged JOIN ordersync.orders AS held ON held.id = staged.id "
      "WHERE former.order_id = held.id AND former.version = held._version AND {}",
      differs);
}

}  // namespace ordersync::store::orders
