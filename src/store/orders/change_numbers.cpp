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

}  // namespace ordersync::store::orders
