#include "store/push/figures.hpp"

#include "store/values/sql_values.hpp"

#include <string>

namespace ordersync::store::push {
namespace {

std::optional<core::instant> read_end(pg::connection& db, const std::string& account, const char* direction) {
  const auto r =
      db.exec("read push messages",
              "SELECT " + values::epoch_ms("received_at") +
                  " FROM ordersync.push_messages WHERE account = $1 ORDER BY received_at " + direction + " LIMIT 1",
              {account});
  return r.size() == 0 ? std::nullopt : std::optional{values::read_instant(r, 0, 0)};
}

void count_outcomes(pg::connection& db, const std::string& account, push_figures& figures) {
  const auto r = db.exec("count push messages",
                         "SELECT outcome, count(*) FROM (SELECT outcome FROM ordersync.push_messages "
                         "WHERE account = $1 AND received_at > clock_timestamp() - interval '1 day' "
                         "ORDER BY received_at DESC LIMIT 200000) day GROUP BY outcome",
                         {account});
  for (int row = 0; row < r.size(); ++row) figures.day[std::string{r.text(row, 0)}] = r.integer(row, 1);
}

void read_delays(pg::connection& db, const std::string& account, push_figures& figures) {
  const auto r =
      db.exec("read push delays",
              "SELECT (1000 * extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY delay)))::bigint, "
              "(1000 * extract(epoch FROM percentile_disc(0.99) WITHIN GROUP (ORDER BY delay)))::bigint "
              "FROM (SELECT changed_at - received_at AS delay, outcome FROM ordersync.push_messages WHERE account = $1 "
              "AND received_at > clock_timestamp() - interval '1 day' "
              "ORDER BY received_at DESC LIMIT 200000) day WHERE outcome = 'changed'",
              {account});
  if (r.is_null(0, 0)) return;
  figures.p50 = std::chrono::milliseconds{r.integer(0, 0)};
  figures.p99 = std::chrono::milliseconds{r.integer(0, 1)};
}

// A state's change is in the history when the state is superseded, or present and written by an older version; else in
// the order. Out of the indexes order_history_changes and orders_changes. A message whose order was read late announced
// the change that this read found, too.
void count_unannounced(pg::connection& db, const std::string& account, push_figures& figures) {
  const auto latest = [](const std::string& columns, const std::string& from) {
    const auto at = columns.substr(columns.rfind(' ') + 1);
    return "(SELECT " + columns + " AS changed_at FROM ordersync." + from + " AND " + at +
           " >= greatest($2::timestamptz, clock_timestamp() - interval '1 day') AND " + at +
           " < clock_timestamp() - interval '2 minutes' ORDER BY " + at + " DESC LIMIT 20000)";
  };
  const auto r = db.exec(
      "count unannounced changes",
      "SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM ordersync.push_messages m "
      "WHERE m.found_id = h.order_id AND m.received_at > h.changed_at - interval '1 day' "
      "AND m.received_at < h.changed_at + interval '2 minutes' "
      "AND (m.received_at > h.changed_at - interval '2 minutes' OR m.read_at = h.changed_at))) FROM (SELECT * FROM (" +
          latest("order_id, valid_from", "order_history WHERE account = $1 AND version > 1 AND NOT vanished") +
          " UNION ALL " +
          latest("id, _changed_at", "orders WHERE _account = $1 AND _changed IS NOT NULL AND _vanished_at IS NULL") +
          ") AS every ORDER BY changed_at DESC LIMIT 20000) h",
      {account, core::to_text(*figures.first_at)});
  figures.changes = r.integer(0, 0);
  figures.unannounced = r.integer(0, 1);
}

}  // namespace

push_figures read_figures(pg::connection& db, const std::string& account) {
  push_figures figures;
  figures.first_at = read_end(db, account, "ASC");
  if (!figures.first_at) return figures;
  figures.latest_at = read_end(db, account, "DESC");
  count_outcomes(db, account, figures);
  read_delays(db, account, figures);
  count_unannounced(db, account, figures);
  return figures;
}

std::map<std::string, refusal_figures> read_refusals(pg::connection& db) {
  const auto r = db.exec("count refused messages",
                         "SELECT reason, sum(count)::bigint, " + values::epoch_ms("max(last_at)") +
                             " FROM ordersync.push_refusals WHERE hour > clock_timestamp() - interval '25 hours' "
                             "GROUP BY reason");
  std::map<std::string, refusal_figures> all;
  for (int row = 0; row < r.size(); ++row)
    all[std::string{r.text(row, 0)}] = {r.integer(row, 1), values::read_instant(r, row, 2)};
  return all;
}

}  // namespace ordersync::store::push
