#include "store/reports/reporting.hpp"

#include "store/pg/blockers.hpp"
#include "store/pg/precondition_failed.hpp"

#include <fmt/format.h>

namespace ordersync::store::reports {
namespace {

// An index of a person's own on the day would go on with the old zone, and answer wrongly.
void refuse_foreign_indexes(pg::connection& db) {
  const auto r = db.exec(
      "look for indexes on days",
      "SELECT string_agg(DISTINCT i.indexrelid::regclass::text, ', ') FROM pg_depend d JOIN pg_index i ON i.indexrelid "
      "= d.objid WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_proc'::regclass AND d.refobjid IN "
      "('reporting.api_day(timestamptz)'::regprocedure, 'reporting.api_zone()'::regprocedure) "
      "AND i.indexrelid IS DISTINCT FROM to_regclass('ordersync.orders_api_day') "
      "AND i.indexrelid IS DISTINCT FROM to_regclass('ordersync.orders_api_month')");
  if (r.is_null(0, 0)) return;
  throw pg::precondition_failed(core::make_error(
      core::failure::database, fmt::format("api.time_zone has changed, and these indexes use the former zone: {}; "
                                           "drop them (DROP INDEX), run ordersync migrate, and create them again",
                                           r.text(0, 0))));
}

constexpr int tries = 8;

// Whoever reads orders keeps the indexes, and whoever comes later waits behind us: so for 2 s at most, and with pauses.
void drop_former_indexes(pg::connection& db) {
  for (int left = tries; left > 0; --left) {
    db.exec("change zone", "SAVEPOINT index_kept");
    try {
      db.exec("change zone", "DROP INDEX ordersync.orders_api_day");
      db.exec("change zone", "DROP INDEX ordersync.orders_api_month");
      return;
    } catch (const pg::sql_error& why) {
      if (why.sqlstate() != "55P03") throw;
      db.exec("change zone", "ROLLBACK TO SAVEPOINT index_kept");
      if (left == 1) throw why.with(pg::describe_holders(db));
      db.exec("wait for readers", "SELECT pg_sleep(1)");
    }
  }
}

void use_zone(pg::connection& db, std::chrono::seconds zone) {
  const auto known = db.exec("read zone", "SELECT extract(epoch FROM reporting.api_zone())::bigint").integer(0, 0);
  if (known == zone.count()) return;
  refuse_foreign_indexes(db);
  db.exec("prepare zone", pg::short_lock_waits);
  // The indexes are made anew: sessions remember what they compute for as long as they know them. Beside the former
  // ones, for nobody who reads waits for that.
  db.exec(
      "change zone",
      fmt::format("CREATE OR REPLACE FUNCTION reporting.api_zone() RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL "
                  "SAFE AS $$ SELECT interval '{} seconds' $$",
                  zone.count()));
  // It may well take long. One statement at a time: Citus sends the whole text of an index's to its workers.
  db.exec_script("change zone", "CREATE INDEX orders_api_day_anew ON ordersync.orders (reporting.api_day(created_at))");
  db.exec_script("change zone",
                 "CREATE INDEX orders_api_month_anew ON ordersync.orders USING brin ((date_trunc('month', "
                 "reporting.api_day(created_at)::timestamp)::date)) WITH (pages_per_range = 32, autosummarize = on)");
  db.exec_script("change zone", "ANALYZE ordersync.orders");
  drop_former_indexes(db);
  db.exec("change zone", "ALTER INDEX ordersync.orders_api_day_anew RENAME TO orders_api_day");
  db.exec("change zone", "ALTER INDEX ordersync.orders_api_month_anew RENAME TO orders_api_month");
}

}  // namespace

std::vector<std::string> grant_reading(pg::connection& db) {
  const auto r = db.exec("grant reading", "SELECT unnest(ordersync.grant_reading())");
  std::vector<std::string> missing;
  for (int row = 0; row < r.size(); ++row) missing.emplace_back(r.text(row, 0));
  return missing;
}

void set_reporting(pg::connection& db, const reporting_settings& settings) {
  use_zone(db, settings.api_zone);
  db.exec(
      "write settings",
      "INSERT INTO ordersync.mirror_settings AS held (sync_start, grace) VALUES ($1, make_interval(secs => $2)) "
      "ON CONFLICT (only_row) DO UPDATE SET sync_start = excluded.sync_start, grace = excluded.grace, told_at = now() "
      "WHERE (held.sync_start, held.grace) IS DISTINCT FROM (excluded.sync_start, excluded.grace)",
      {core::to_text(core::instant{settings.sync_start}), std::to_string(settings.grace.count())});
}

}  // namespace ordersync::store::reports
