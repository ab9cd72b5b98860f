#include "store/orders/history.hpp"

#include "store/orders/state_sql.hpp"

#include <fmt/format.h>

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
      "LEFT JOIN ordersync.{0} AS {1}_held ON {1}_held.order_id = held.id AND {1}_held.order_id {2} "
      "LEFT JOIN pg_temp.staged_{0} AS {1}_new ON {1}_new.order_id = held.id ",
      table.name, alias, given_ids);
}
std::string personal_differs(const table_shape& table, std::string_view alias) {
  return fmt::format("({}) IS DISTINCT FROM ({})", values_of(table, fmt::format("{}_held", alias)),
                     values_of(table, fmt::format("{}_new", alias)));
}

// Columns of staged_former up to the state, of the row `held`.
std::string former_of(const table_shape& orders, std::string_view valid_to) {
  return fmt::format(
      "held.id, held._version, held._changed_at, {}, held._account, held._vanished_at IS NOT NULL, "
      "coalesce(held._changed, '{{}}'), jsonb_build_object('order', {}, 'items', coalesce(items.list, '[]'), "
      "'cargo', coalesce(cargo.list, '[]'))",
      valid_to, state_object(orders, "held"));
}

std::string list_joins(const order_shapes& shapes) {
  return fmt::format(
      "LEFT JOIN {} AS items ON items.order_id = held.id LEFT JOIN {} AS cargo ON cargo.order_id = held.id ",
      state_list(shapes.items, "one.position, one.id", given_ids), state_list(shapes.cargo, "one.position", given_ids));
}

// What the staged state changes, as jsonb. Of an order whose row was gone nobody knows.
std::string changes_of(const order_shapes& shapes) {
  return fmt::format(
      "CASE WHEN held._content_hash <> '' THEN ('{{' || coalesce(nullif(concat_ws(', ', {}, items_changed.members, "
      "cargo_changed.members, CASE WHEN {} THEN '\"receiver\": \"changed\"' END, "
      "CASE WHEN {} THEN '\"warehouse_address\": \"changed\"' END, "
      "CASE WHEN held._vanished_at IS NOT NULL THEN '\"vanished\": {{\"old\": true, \"new\": false}}' END), ''), "
      "'\"payload\": \"changed\"') || '}}')::jsonb END",
      differences(shapes.orders, "''", "held", "staged"), personal_differs(shapes.receivers, "receiver"),
      personal_differs(shapes.warehouse_addresses, "warehouse"));
}

constexpr std::string_view into_former =
    "INSERT INTO pg_temp.staged_former (order_id, version, valid_from, valid_to, account, vanished, changed, state, "
    "changes) ";

}  // namespace

std::string create_former_staging() {
  return "CREATE TEMPORARY TABLE staged_former (order_id bigint, version integer, valid_from timestamptz, valid_to "
         "timestamptz, account text, vanished boolean, changed jsonb, state jsonb, changes jsonb) ON COMMIT DELETE "
         "ROWS";
}

std::string follow_history() {
  // A last row without an end is the present state as an older version wrote it.
  return fmt::format(
      "UPDATE ordersync.orders AS held SET _version = last.version + (last.valid_to IS NOT NULL)::integer, "
      "_changed = CASE WHEN last.valid_to IS NULL THEN held._changed END, "
      "_changed_at = CASE WHEN last.valid_to IS NULL THEN last.valid_from "
      "ELSE greatest(held._changed_at, last.valid_to) END "
      "FROM (SELECT h.order_id, max(h.version) AS version FROM ordersync.order_history AS h WHERE h.order_id {0} "
      "GROUP BY h.order_id) AS top JOIN ordersync.order_history AS last ON last.order_id = top.order_id AND "
      "last.version = top.version WHERE held.id = top.order_id AND held.id {0} AND held._content_hash <> '' "
      "AND held._version <= top.version AND (last.valid_to IS NOT NULL OR held._version < top.version)",
      given_ids);
}

std::string return_from_history() {
  return "INSERT INTO ordersync.orders (id, _account, _first_seen_at, _changed_at, _observed_at, _version, "
         "_content_hash) SELECT last.order_id, $2, known.since, last.valid_from, last.valid_from, last.version, '' "
         "FROM (SELECT order_id, min(valid_from) AS since, max(version) AS version FROM ordersync.order_history "
         "WHERE order_id = ANY ($1::bigint[]) GROUP BY order_id) AS known JOIN ordersync.order_history AS last "
         "ON last.order_id = known.order_id AND last.version = known.version "
         "WHERE last.order_id = ANY ($1::bigint[]) RETURNING id";
}

std::string stage_former_states(const order_shapes& shapes) {
  return fmt::format(
      "{}SELECT {}, {} FROM pg_temp.staged_orders AS staged JOIN ordersync.orders AS held ON held.id = staged.id "
      "AND held.id {} {} LEFT JOIN {} AS items_changed ON items_changed.order_id = held.id "
      "LEFT JOIN {} AS cargo_changed ON cargo_changed.order_id = held.id {} {} WHERE {}",
      into_former, former_of(shapes.orders, "staged._observed_at"), changes_of(shapes), given_ids, list_joins(shapes),
      list_differences(shapes.items, "items", "id", given_ids),
      list_differences(shapes.cargo, "cargo", "position", given_ids), personal_joins(shapes.receivers, "receiver"),
      personal_joins(shapes.warehouse_addresses, "warehouse"), differs);
}

std::string stage_vanishing_states(const order_shapes& shapes) {
  return fmt::format(
      "{}SELECT {}, '{{\"vanished\": {{\"old\": false, \"new\": true}}}}' FROM ordersync.orders AS held {} "
      "WHERE held.id {}",
      into_former, former_of(shapes.orders, "$2::timestamptz"), list_joins(shapes), given_ids);
}

std::string write_former_states() {
  return "INSERT INTO ordersync.order_history AS held (order_id, version, valid_from, valid_to, account, vanished, "
         "changed, state) SELECT order_id, version, valid_from, valid_to, account, vanished, changed, state "
         "FROM pg_temp.staged_former ON CONFLICT (order_id, version) DO UPDATE SET valid_to = excluded.valid_to "
         "WHERE held.valid_to IS NULL";
}

}  // namespace ordersync::store::orders
