#include "store/reports/health.hpp"

#include "store/leadership/observation_clock.hpp"
#include "store/maintenance/history_conversion.hpp"
#include "store/reports/server_state.hpp"
#include "store/values/sql_values.hpp"

#include <string>
#include <vector>

namespace ordersync::store::reports {
namespace {

void read_server(pg::connection& db, health_report& report) {
  const auto r = db.exec("ask the server",
                         "SELECT current_setting('server_version'), current_setting('server_version_num')::int, "
                         "current_database(), current_user, pg_encoding_to_char(d.encoding), "
                         "has_database_privilege(d.oid, 'CREATE'), has_database_privilege(d.oid, 'TEMPORARY') "
                         "FROM pg_database d WHERE d.datname = current_database()");
  report.server_version = r.text(0, 0);
  report.server_number = static_cast<int>(r.integer(0, 1));
  report.database = r.text(0, 2);
  report.role = r.text(0, 3);
  report.encoding = r.text(0, 4);
  report.may_create = r.flag(0, 5);
  report.may_use_temporary = r.flag(0, 6);
}

std::vector<std::string> names(const pg::rows& r) {
  std::vector<std::string> list;
  for (int row = 0; row < r.size(); ++row) list.emplace_back(r.text(row, 0));
  return list;
}

void read_statistics(pg::connection& db, health_report& report) {
  report.unanalyzed = names(db.exec("ask for statistics",
                                    "SELECT 'ordersync.' || c.relname FROM pg_class c "
                                    "JOIN pg_namespace n ON n.oid = c.relnamespace "
                                    "WHERE n.nspname = 'ordersync' AND c.relkind IN ('r', 'p') AND "
                                    "pg_relation_size(c.oid) > 4000000 AND NOT EXISTS (SELECT FROM pg_stats s "
                                    "WHERE s.schemaname = n.nspname AND s.tablename = c.relname) "
                                    "ORDER BY 1 LIMIT 20"));
}

void read_role(pg::connection& db, health_report& report) {
  const auto r = db.exec("read privileges",
                         "SELECT rolsuper, rolcreaterole, to_regnamespace('ordersync') IS NOT NULL, "
                         "to_regrole('ordersync_reader') IS NOT NULL AND to_regrole('ordersync_pii_reader') IS NOT "
                         "NULL FROM pg_roles WHERE rolname = current_user");
  report.superuser = r.flag(0, 0);
  report.may_create_roles = r.flag(0, 1);
  report.has_schema = r.flag(0, 2);
  report.has_readers = r.flag(0, 3);
}

// What belongs to somebody else cannot be altered by the next migration, whatever may be written into it.
void read_foreign(pg::connection& db, health_report& report) {
  const auto r = db.exec("ask for owners",
                         "SELECT name FROM (SELECT 'schema ' || nspname AS name, nspowner AS owner FROM pg_namespace "
                         "WHERE nspname IN ('ordersync', 'reporting') UNION ALL "
                         "SELECT n.nspname || '.' || c.relname, c.relowner FROM pg_class c "
                         "JOIN pg_namespace n ON n.oid = c.relnamespace "
                         "WHERE n.nspname IN ('ordersync', 'reporting') AND c.relkind IN ('r', 'p', 'S')) things "
                         "WHERE NOT pg_has_role(owner, 'USAGE') ORDER BY name LIMIT 20");
  for (int row = 0; row < r.size(); ++row) report.foreign.emplace_back(r.text(row, 0));
}

void read_clock_health(pg::connection& db, health_report& report) {
  const auto whole = db.exec("look for the schema", "SELECT to_regclass('ordersync.order_history') IS NOT NULL");
  if (whole.flag(0, 0)) report.clock_behind = leadership::read_clock_lag(db);
}

void read_conversion(pg::connection& db, health_report& report) {
  const auto known = db.exec("look for the schema", "SELECT to_regclass('ordersync.history_conversion') IS NOT NULL");
  if (known.flag(0, 0)) report.old_history = maintenance::is_history_to_convert(db);
}

}  // namespace

health_report read_health(pg::connection& db) {
  health_report report;
  report.state = read_server_state(db);
  read_server(db, report);
  read_role(db, report);
  read_foreign(db, report);
  read_statistics(db, report);
  if (report.has_schema && report.foreign.empty()) {
    read_clock_health(db, report);
    read_conversion(db, report);
  }
  return report;
}

// Late is an order that a proven live read of its second did not show. Both sides are bounded, for the question is
// about lately.
listing_report read_listing(pg::connection& db) {
  const auto r = db.exec(
      "look at late orders",
      "WITH latest AS MATERIALIZED (SELECT _account, created_at, _first_seen_at FROM ordersync.orders "
      "WHERE created_at > now() - interval '1 day' ORDER BY created_at DESC LIMIT 300), "
      "reads AS MATERIALIZED (SELECT account, proven, finished_at FROM ordersync.sweeps WHERE kind = 'live' "
      "AND proven IS NOT NULL AND account IN (SELECT _account FROM latest) "
      "AND finished_at BETWEEN (SELECT min(created_at) FROM latest) AND now() ORDER BY finished_at DESC LIMIT 3000), "
      "judged AS (SELECT o.*, EXISTS (SELECT FROM reads s WHERE s.account = o._account AND s.proven @> o.created_at "
      "AND s.finished_at < o._first_seen_at) AS late FROM latest o) "
      "SELECT count(*), count(*) FILTER (WHERE late), coalesce(extract(epoch FROM percentile_disc(0.95) WITHIN GROUP "
      "(ORDER BY _first_seen_at - created_at) FILTER (WHERE late)), 0)::bigint FROM judged");
  return {.orders = r.integer(0, 0), .late = r.integer(0, 1), .lag = std::chrono::seconds{r.integer(0, 2)}};
}

void try_room(pg::connection& db) {
  db.exec("write a megabyte",
          "CREATE TEMPORARY TABLE ordersync_room ON COMMIT DROP AS "
          "SELECT repeat('x', 1900) AS filling FROM generate_series(1, 560)");
}

void leave_no_trace(pg::connection& db) {
  db.exec("write a word", "SELECT pg_logical_emit_message(true, 'ordersync', 'doctor')");
}

}  // namespace ordersync::store::reports
