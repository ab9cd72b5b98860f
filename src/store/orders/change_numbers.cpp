#include "store/orders/change_numbers.hpp"

#include "store/values/literals.hpp"

#include <string>

namespace ordersync::store::orders {
namespace {

// `versions`: a query of (id, version).
std::string number_those(const std::string& versions) {
  return "INSERT INTO ordersync.change_batches (first_change, last_change, order_ids, versions) "
         "SELECT held.top + 1, held.top + new.n, new.ids, new.versions FROM (SELECT count(*) AS n, "
         "array_agg(id ORDER BY id) AS ids, array_agg(version ORDER BY id) AS versions FROM (" +
         versions +
         ") AS each) AS new, (SELECT coalesce(max(last_change), 0) AS top FROM ordersync.change_batches) AS held "
         "WHERE new.n > 0 RETURNING pg_notify('ordersync_changes', last_change::text)";
}

}  // namespace

void number_versions(pg::connection& db, const std::vector<std::int64_t>& created, bool superseded) {
  static const std::string of_new = "SELECT unnest($1::bigint[]) AS id, 1 AS version";
  static const auto number_new = number_those(of_new);
  static const auto number_all =
      number_those(of_new + " UNION ALL SELECT order_id, version + 1 FROM pg_temp.staged_former");
  if (created.empty() && !superseded) return;
  db.exec("number versions", superseded ? number_all : number_new, {values::array_literal(created)});
}

void number_detail(pg::connection& db, std::int64_t order_id) {
  const auto id = std::to_string(order_id);
  const auto written = db.exec("read the version of a detail",
                               "SELECT o._version, d._version FROM ordersync.orders AS o JOIN ordersync.order_details "
                               "AS d ON d.order_id = o.id WHERE o.id = $1",
                               {id});
  if (written.size() == 0) return;
  db.exec("number a detail",
          "INSERT INTO ordersync.change_batches (first_change, last_change, order_ids, versions, details) "
          "SELECT top + 1, top + 1, ARRAY[$1::bigint], ARRAY[$2::integer], ARRAY[$3::integer] FROM "
          "(SELECT coalesce(max(last_change), 0) AS top FROM ordersync.change_batches) AS held "
          "RETURNING pg_notify('ordersync_changes', last_change::text)",
          {id, std::string{written.text(0, 0)}, std::string{written.text(0, 1)}});
}

}  // namespace ordersync::store::orders
