#include "store/pg/blockers.hpp"

#include <fmt/format.h>

namespace ordersync::store::pg {
namespace {

// Of pg_stat_activity a. What a session of another role does is shown to few.
constexpr const char* description =
    "format('process %s of user %s (%s)', a.pid, coalesce(a.usename, '?'), CASE "
    "WHEN a.state IS NULL OR a.query_start IS NULL THEN 'its query is not shown to this role' "
    "WHEN a.state LIKE 'idle%' THEN format('idle in its transaction for %s s', "
    "extract(epoch FROM clock_timestamp() - a.state_change)::bigint) "
    "ELSE format('its query has been running for %s s', extract(epoch FROM clock_timestamp() - a.query_start)::bigint) "
    "END)";

std::string text_of(const rows& r) {
  return r.size() == 0 || r.is_null(0, 0) ? std::string{} : std::string{r.text(0, 0)};
}

}  // namespace

const char* const short_lock_waits =
    "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '2s', true)";

std::string describe_holders(connection& db) {
  return text_of(db.exec(
      "look who holds locks",
      fmt::format("SELECT 'held by ' || string_agg(who, ', ') FROM (SELECT {} AS who FROM pg_stat_activity a "
                  "WHERE a.pid <> pg_backend_pid() AND a.pid IN (SELECT l.pid FROM pg_locks l JOIN pg_class c ON "
                  "c.oid = l.relation WHERE l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = "
                  "current_database()) AND c.relnamespace IN (to_regnamespace('ordersync'), "
                  "to_regnamespace('reporting'))) ORDER BY a.xact_start NULLS LAST, a.pid LIMIT 3) AS holders",
                  description)));
}

std::string describe_wait(connection& db, int process) {
  return text_of(db.exec(
      "look what is waited for",
      fmt::format(
          "SELECT CASE WHEN w.wait_event = 'SyncRep' THEN 'a synchronous standby, which must confirm the commit: check "
          "that one of synchronous_standby_names (' || current_setting('synchronous_standby_names') || ') is "
          "connected' "
          "WHEN w.wait_event_type = 'Lock' THEN 'a lock held by ' || coalesce((SELECT string_agg({}, ', ' ORDER BY "
          "a.xact_start) FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(w.pid))), 'nobody any more') "
          "WHEN w.wait_event IS NULL THEN 'the server, which is running it' "
          "ELSE format('the server (%s: %s)', w.wait_event_type, w.wait_event) END "
          "FROM pg_stat_activity w WHERE w.pid = $1::integer",
          description),
      {std::to_string(process)}));
}

}  // namespace ordersync::store::pg
