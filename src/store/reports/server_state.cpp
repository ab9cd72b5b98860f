#include "store/reports/server_state.hpp"

#include "store/values/sql_values.hpp"

#include <string>
#include <vector>

namespace ordersync::store::reports {
namespace {

// A standby that has replayed all that it received is not behind, however long ago the last commit was.
constexpr const char* standby_state =
    "SELECT pg_is_in_recovery(), CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 "
    "ELSE coalesce((extract(epoch FROM now() - pg_last_xact_replay_timestamp()) * 1000)::bigint, 0) END, "
    // Which of them are synchronous is shown to few; that there are any, to all.
    "CASE WHEN current_setting('synchronous_commit') NOT IN ('off', 'local') AND NOT EXISTS "
    "(SELECT FROM pg_stat_replication WHERE sync_state IS NULL OR sync_state IN ('sync', 'quorum')) "
    "THEN current_setting('synchronous_standby_names') ELSE '' END";

void read_standby(pg::connection& db, server_state& state) {
  const auto r = db.exec("ask for standbys", standby_state);
  if (r.flag(0, 0)) state.replay_lag = std::chrono::milliseconds{r.integer(0, 1)};
  if (!state.replay_lag) state.missing_standby = r.text(0, 2);
}

// The server of 14 keeps no version of a database's collation.
void read_collation(pg::connection& db, server_state& state) {
  const auto known = db.exec("ask for the version", "SELECT current_setting('server_version_num')::int >= 150000");
  if (!known.flag(0, 0)) return;
  const auto r = db.exec("ask for the collation",
                         "SELECT datcollversion || ', now ' || pg_database_collation_actual_version(oid) "
                         "FROM pg_database WHERE datname = current_database() "
                         "AND datcollversion <> pg_database_collation_actual_version(oid)");
  if (r.size() > 0) state.collation = std::string{r.text(0, 0)};
}

void read_rights(pg::connection& db, server_state& state) {
  const auto r = db.exec(
      "ask for rights in tables",
      "SELECT name, writer FROM (SELECT 'ordersync.' || c.relname AS name, bool_or(insert) OVER () AS writer, "
      "has_table_privilege(c.oid, 'SELECT') AND insert AND has_table_privilege(c.oid, 'UPDATE') "
      "AND has_table_privilege(c.oid, 'DELETE') AS whole "
      "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
      "CROSS JOIN LATERAL has_table_privilege(c.oid, 'INSERT') AS insert "
      "WHERE n.nspname = 'ordersync' AND c.relkind IN ('r', 'p')) AS tables WHERE NOT whole ORDER BY name LIMIT 20");
  for (int row = 0; row < r.size(); ++row) state.locked.emplace_back(r.text(row, 0));
  state.writer = r.size() == 0 || r.flag(0, 1);
}

// Other users' transactions are shown to members of pg_read_all_stats alone.
void read_old_snapshot(pg::connection& db, server_state& state) {
  const auto r = db.exec(
      "ask for old snapshots",
      "SELECT who, (extract(epoch FROM since) * 1000)::bigint FROM ("
      "SELECT format('pid %s, user %s, application %s', pid, usename, application_name) AS who, xact_start AS since "
      "FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND backend_type = 'client backend' "
      "AND pid <> pg_backend_pid() AND datname = current_database() UNION ALL "
      "SELECT format('prepared transaction %s of %s', gid, owner), prepared FROM pg_prepared_xacts "
      "WHERE database = current_database()) AS all_of_them "
      "WHERE since < now() - interval '1 hour' ORDER BY since LIMIT 1");
  if (r.size() > 0) state.held = old_snapshot_report{std::string{r.text(0, 0)}, values::read_instant(r, 0, 1)};
}

}  // namespace

server_state read_server_state(pg::connection& db) {
  server_state state;
  read_standby(db, state);
  read_collation(db, state);
  read_rights(db, state);
  read_old_snapshot(db, state);
  return state;
}

}  // namespace ordersync::store::reports
