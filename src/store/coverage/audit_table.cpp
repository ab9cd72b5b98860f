#include "store/coverage/audit_table.hpp"

#include "store/coverage/proof.hpp"
#include "store/values/sql_values.hpp"

namespace ordersync::store::coverage {
namespace {

// A server that took over without the earlier try has not reached its number yet.
bool was_committed(pg::connection& db, const earlier_try& before) {
  return db
      .exec("look for the earlier try",
            "SELECT CASE WHEN $1::xid8 < pg_snapshot_xmax(pg_current_snapshot()) "
            "THEN coalesce(pg_xact_status($1::xid8) = 'committed', false) ELSE false END",
            {before})
      .flag(0, 0);
}

}  // namespace

void add_audit(pg::connection& db, const std::string& account, const audit_counts& counts, earlier_try& before) {
  lock_writers(db);  // held by the earlier try until it has ended
  if (!before.empty() && was_committed(db, before)) return;
  before = db.exec("number the try", "SELECT pg_current_xact_id()").text(0, 0);
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  db.exec("count an audit",
          "INSERT INTO ordersync.audits AS held "
          "(account, day, way, checks, calls, orders, seconds, contradictions) "
          "VALUES ($1, current_date, $2, $3, $4, $5, $6, $7) ON CONFLICT (account, day, way) DO UPDATE SET "
          "checks = held.checks + excluded.checks, calls = held.calls + excluded.calls, "
          "orders = held.orders + excluded.orders, seconds = held.seconds + excluded.seconds, "
          "contradictions = held.contradictions + excluded.contradictions",
          {account, counts.way, number(counts.checks), number(counts.calls), number(counts.orders),
           number(counts.seconds), number(counts.contradictions)});
  db.exec("let go of old audits", "DELETE FROM ordersync.audits WHERE account = $1 AND day <= current_date - 62",
          {account});
}

audit_figures read_audit_figures(pg::connection& db, const std::string& account) {
  const auto r = db.exec("read audits",
                         "SELECT latest, coalesce(sum(checks), 0)::bigint, coalesce(sum(calls), 0)::bigint, "
                         "coalesce(sum(orders), 0)::bigint, coalesce(sum(seconds), 0)::bigint, "
                         "coalesce(sum(contradictions), 0)::bigint FROM (VALUES (1), (30)) AS days (latest) "
                         "LEFT JOIN ordersync.audits ON account = $1 AND day >= current_date - latest "
                         "GROUP BY latest ORDER BY latest",
                         {account});
  const auto row = [&](int at) {
    return audit_counts{{}, r.integer(at, 1), r.integer(at, 2), r.integer(at, 3), r.integer(at, 4), r.integer(at, 5)};
  };
  return {row(0), row(1)};
}

std::int64_t count_open_contradictions(pg::connection& db, const std::string& account) {
  return db
      .exec("count contradictions",
            "SELECT count(*) FROM ordersync.contradictions WHERE account = $1 AND resolved_at IS NULL", {account})
      .integer(0, 0);
}

std::optional<contradiction_report> read_last_contradiction(pg::connection& db, const std::string& account) {
  const auto r = db.exec("read the last contradiction",
                         "SELECT " + values::range_bounds("range") + ", way, expected, found, reason, " +
                             values::epoch_ms("found_at") + ", " + values::epoch_ms("resolved_at") +
                             " FROM ordersync.contradictions WHERE account = $1 ORDER BY id DESC LIMIT 1",
                         {account});
  if (r.size() == 0) return std::nullopt;
  return contradiction_report{values::read_instant(r, 0, 6),
                              std::string{r.text(0, 2)},
                              values::read_window(r, 0, 0),
                              r.integer(0, 3),
                              r.integer(0, 4),
                              std::string{r.text(0, 5)},
                              values::read_optional_instant(r, 0, 7)};
}

}  // namespace ordersync::store::coverage
