#include "store/maintenance/history_conversion.hpp"

#include "store/coverage/proof.hpp"
#include "store/values/literals.hpp"

#include <string>
#include <vector>

namespace ordersync::store::maintenance {
namespace {

// The daemon waits for as long as a batch takes: half a second for that many orders of three lines.
constexpr const char* batch = "5000";

std::vector<std::int64_t> next_orders(pg::connection& db, const std::string& position) {
  const auto r = db.exec("look for present states",
                         std::string{"SELECT order_id FROM ordersync.order_history WHERE order_id > $1 AND valid_to IS "
                                     "NULL ORDER BY order_id LIMIT "} +
                             batch,
                         {position});
  std::vector<std::int64_t> ids;
  for (int row = 0; row < r.size(); ++row) ids.push_back(r.integer(row, 0));
  return ids;
}

// Where orders and history were restored from copies of different age, a state that is not the order's present one is
// kept, and ends. A state of an order that is not there stays as it is, for its return.
void convert(pg::connection& db, const std::string& ids) {
  db.exec("end states out of order",
          "UPDATE ordersync.order_history AS h SET valid_to = greatest(h.valid_from, o._changed_at) "
          "FROM ordersync.orders AS o WHERE h.order_id = ANY ($1::bigint[]) AND h.valid_to IS NULL "
          "AND o.id = h.order_id AND o._version <> h.version",
          {ids});
  db.exec("move what changed last",
          "UPDATE ordersync.orders AS o SET _changed = h.changed FROM ordersync.order_history AS h "
          "WHERE h.order_id = ANY ($1::bigint[]) AND h.valid_to IS NULL AND o.id = h.order_id "
          "AND o._version = h.version AND o._version > 1 AND o._changed IS NULL AND h.changed <> '{}'",
          {ids});
  db.exec("remove present states",
          "DELETE FROM ordersync.order_history AS h WHERE h.order_id = ANY ($1::bigint[]) AND h.valid_to IS NULL "
          "AND EXISTS (SELECT FROM ordersync.orders AS o WHERE o.id = h.order_id)",
          {ids});
}

history_conversion described(pg::connection& db, std::int64_t orders, bool finished) {
  history_conversion now{.orders = orders, .finished = finished};
  const auto r = db.exec("look at the orders",
                         "SELECT greatest(reltuples, 0)::bigint, pg_total_relation_size('ordersync.order_history') "
                         "FROM pg_class WHERE oid = 'ordersync.orders'::regclass");
  now.estimate = r.integer(0, 0);
  now.history_bytes = r.integer(0, 1);
  return now;
}

}  // namespace

bool is_history_to_convert(pg::connection& db) {
  return db
      .exec("look for a conversion",
            "SELECT EXISTS (SELECT FROM ordersync.history_conversion WHERE finished_at IS NULL)")
      .flag(0, 0);
}

history_conversion convert_history(pg::connection& db) {
  coverage::lock_writers(db);
  const auto open = db.exec("read the conversion",
                            "SELECT position, orders FROM ordersync.history_conversion WHERE finished_at IS NULL");
  if (open.size() == 0) return {};
  const auto ids = next_orders(db, std::to_string(open.integer(0, 0)));
  const auto orders = open.integer(0, 1) + static_cast<std::int64_t>(ids.size());
  if (ids.empty()) {
    db.exec("finish the conversion", "UPDATE ordersync.history_conversion SET finished_at = now()");
    return described(db, orders, true);
  }
  db.exec("plan by indexes", "SELECT set_config('enable_seqscan', 'off', true)");
  convert(db, values::array_literal(ids));
  db.exec("advance the conversion", "UPDATE ordersync.history_conversion SET position = $1, orders = $2",
          {std::to_string(ids.back()), std::to_string(orders)});
  return described(db, orders, false);
}

}  // namespace ordersync::store::maintenance
