#include "store/orders/vanishing.hpp"

#include "store/orders/change_numbers.hpp"
#include "store/orders/history.hpp"
#include "store/orders/order_columns.hpp"
#include "store/orders/order_counts.hpp"
#include "store/orders/staging.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::orders {
namespace {

// Those of the orders that nobody may have seen since.
std::vector<std::int64_t> gone_of(pg::connection& db, const std::string& account, const std::vector<std::int64_t>& ids,
                                  core::instant at) {
  // A read that ended after the look-up began may have seen the order unchanged, which leaves no trace. One of another
  // account that showed no order of others has not seen it. One that was pruned may have seen anything.
  const auto r = db.exec(
      "look at vanished orders",
      "SELECT id FROM ordersync.orders WHERE id = ANY ($2::bigint[]) AND _account = $1 AND _vanished_at IS NULL "
      "AND _observed_at <= $3 AND 0 = (SELECT count(*) FROM ordersync.reads_by_day AS d WHERE d.last_finished_at > $3) "
      "AND id NOT IN (SELECT seen.id FROM ordersync.orders AS seen JOIN ("
      "SELECT s.range, s.order_ids FROM ordersync.sweeps AS s "
      "WHERE s.account IN (SELECT c.account FROM ordersync.coverage AS c) AND (s.account = $1 OR s.of_others > 0) "
      "AND s.finished_at > $3 AND s.created + s.changed + s.unchanged + s.outdated > 0) AS later "
      "ON (later.order_ids IS NULL OR seen.id = ANY (later.order_ids)) "
      "AND later.range && tstzrange(least(seen.created_at, seen.tb_created_at) - interval '1 min', "
      "greatest(seen.created_at, seen.tb_created_at) + interval '1 min') WHERE seen.id = ANY ($2::bigint[]))",
      {account, values::array_literal(ids), core::to_text(at)});
  std::vector<std::int64_t> gone;
  for (int row = 0; row < r.size(); ++row) gone.push_back(r.integer(row, 0));
  return gone;
}

}  // namespace

std::vector<sync::missing_order> find_missing(pg::connection& db, const sync::window_batch& batch,
                                              const core::window& proven) {
  if (proven.empty() || static_cast<std::int64_t>(std::max(batch.orders.size(), batch.shown.size())) < batch.seen)
    return {};
  auto seen = batch.shown;
  seen.reserve(seen.size() + batch.orders.size());
  for (const auto& order : batch.orders) seen.push_back(order.id);
  // Nobody outside knows by which of its times the API filters, so both must lie inside. Where one is unknown, the
  // other is taken to be within a minute of it.
  const auto r = db.exec("look for missing orders",
                         "SELECT id, tb_order_id, " + values::epoch_ms("created_at") +
                             " FROM ordersync.orders "
                             "WHERE _account = $1 AND _vanished_at IS NULL AND tb_order_id ~ '^[0-9]+$' "
                             "AND created_at >= $3 AND created_at < $4 "
                             "AND (tb_created_at <@ $2::tstzrange OR tb_created_at IS NULL "
                             "AND created_at >= $3::timestamptz + interval '1 min' "
                             "AND created_at < $4::timestamptz - interval '1 min') "
                             "AND id <> ALL ($5::bigint[]) ORDER BY created_at LIMIT 1000",
                         {batch.account, values::range_literal(proven), core::to_text(proven.begin),
                          core::to_text(proven.end), values::array_literal(seen)});
  std::vector<sync::missing_order> missing;
  missing.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row) {
    missing.push_back({r.integer(row, 0), std::string{r.text(row, 1)}, values::read_instant(r, row, 2)});
  }
  return missing;
}

std::int64_t mark_vanished(pg::connection& db, const std::string& account, const std::vector<std::int64_t>& ids,
                           core::instant at) {
  const auto gone = gone_of(db, account, ids, at);
  if (gone.empty()) return 0;
  static const auto follow = follow_history();
  static const auto stage = stage_vanishing_states(shapes_of_orders());
  const auto list = values::array_literal(gone);
  create_staging_tables(db);
  db.exec("follow the history", follow, {list});
  db.exec("stage former states", stage, {list, core::to_text(at)});
  db.exec("write history", write_former_states());
  const auto marked =
      db.exec("mark vanished orders",
              fmt::format("UPDATE ordersync.orders AS o SET _vanished_at = $2, _changed_at = $2, _observed_at = $2, "
                          "_version = _version + 1, _changed = '{{\"vanished\": {{\"old\": false, \"new\": true}}}}' "
                          "WHERE id = ANY ($1::bigint[]) RETURNING {}",
                          key_columns("o")),
              {list, core::to_text(at)});
  number_versions(db, {}, true);
  order_counts counts;
  for (int row = 0; row < marked.size(); ++row) counts[read_key(marked, row)] += {.vanished = 1};
  add_counts(db, counts);
  return marked.size();
}

}  // namespace ordersync::store::orders
