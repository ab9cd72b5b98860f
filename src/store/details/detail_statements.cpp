#include "store/details/detail_statements.hpp"

#include "store/details/detail_rows.hpp"
#include "store/orders/state_sql.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>

namespace ordersync::store::details {
namespace {

using orders::state_object;
using orders::table_shape;

// Where the rows of a table come from, which `list` names in JSON.
using source = std::function<std::string(const table_shape& table, const char* list)>;

std::string stored(const table_shape& table, const char* /*list*/) {
  return fmt::format("(SELECT * FROM ordersync.{} WHERE order_id = $1)", table.name);
}
std::string to_write(const table_shape& table, const char* list) {
  return fmt::format("jsonb_populate_recordset(NULL::ordersync.{}, $1::jsonb -> '{}')", table.name, list);
}

std::string list_of(const table_shape& table, const char* list, const char* by, const source& from) {
  return fmt::format("coalesce((SELECT jsonb_agg({} ORDER BY one.{}) FROM {} AS one), '[]')",
                     state_object(table, "one"), by, from(table, list));
}

std::string one_of(const table_shape& table, const source& from) {
  return fmt::format("(SELECT {} FROM {} AS one)", state_object(table, "one"), from(table, "detail"));
}

std::string state(const source& from) {
  const auto& of = shapes_of_details();
  return fmt::format("jsonb_build_object('detail', {}, 'payments', {}, 'shipments', {}, 'refunds', {})",
                     one_of(of.details, from), list_of(of.payments, "payments", "position", from),
                     list_of(of.shipments, "shipments", "position", from),
                     list_of(of.refunds, "refunds", "refund_id", from));
}

std::string personal(const source& from) {
  return fmt::format("{} || jsonb_build_object('contacts', {})", one_of(free_texts(), from),
                     list_of(shapes_of_details().contacts, "contacts", "role", from));
}

}  // namespace

std::string read_held_state() {
  const auto& refunds = shapes_of_details().refunds;
  return fmt::format(
      "SELECT {}, {}, coalesce((SELECT jsonb_agg({} || jsonb_build_object('_content_hash', one._content_hash)) FROM "
      "{} AS one), '[]'), coalesce((SELECT max(version) FROM ordersync.order_detail_history WHERE order_id = $1), 0), "
      "(extract(epoch FROM reporting.api_zone()) / 60)::integer FROM ordersync.orders AS o WHERE o.id = $1",
      state(stored), personal(stored), state_object(refunds, "one"), stored(refunds, ""));
}

std::string shape_new_state() {
  return fmt::format("SELECT {}, {}", state(to_write), personal(to_write));
}

std::string write_detail_row() {
  const auto& table = shapes_of_details().details;
  std::string assignments;
  for (const auto& column : table.columns)
    if (column != "order_id") assignments += fmt::format("{0} = excluded.{0}, ", column);
  return fmt::format(
      "INSERT INTO ordersync.order_details AS held ({0}, _account, _first_seen_at, _changed_at, _observed_at, "
      "_version, _changed, _content_hash) SELECT {0}, $2::text, $3::timestamptz, $3::timestamptz, $3::timestamptz, "
      "$4::integer, $5::jsonb, $6::bytea FROM jsonb_populate_record(NULL::ordersync.order_details, $1::jsonb) "
      "ON CONFLICT (order_id) DO UPDATE SET {1}_account = excluded._account, _changed_at = excluded._changed_at, "
      "_observed_at = excluded._observed_at, _version = excluded._version, _changed = excluded._changed, "
      "_content_hash = excluded._content_hash",
      fmt::join(table.columns, ", "), assignments);
}

std::string write_former_detail() {
  return "INSERT INTO ordersync.order_detail_history (order_id, version, valid_from, valid_to, changed, state) "
         "SELECT held.order_id, $4::integer, held._changed_at, $3::timestamptz, coalesce(held._changed, '{}'), "
         "$2::jsonb FROM ordersync.order_details AS held WHERE held.order_id = $1";
}

std::string delete_rows(const table_shape& table) {
  return orders::delete_of_orders(table);
}

std::string insert_rows(const table_shape& table) {
  return fmt::format(
      "INSERT INTO ordersync.{0} ({1}) SELECT {1} FROM jsonb_populate_recordset(NULL::ordersync.{0}, $1::jsonb)",
      table.name, fmt::join(table.columns, ", "));
}

}  // namespace ordersync::store::details
