#include "store/leadership/leadership.hpp"

#include "store/pg/precondition_failed.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::leadership {
namespace {

// "ordersyo": beside the writers' lock of proof.cpp. PostgreSQL shows it in two halves.
constexpr std::int64_t leaders_lock = 8030591472429660527;

constexpr std::string_view session_prefix = "ordersync/";

// How often the table has a new heartbeat.
constexpr std::chrono::seconds stored_heartbeat_pace{30};

// Whatever its sessions ask is a sign of life: the table has one every half minute only, because each version of a row
// that dies there ends reports on a hot standby. Another role's sessions do not show it.
constexpr const char* sign_of_life =
    "greatest(heartbeat_at, (SELECT max(s.query_start) FROM pg_stat_activity s WHERE s.datname = current_database() "
    "AND s.application_name = left('ordersync/' || instance, 63)))";

std::string leader_columns() {
  return "instance, host, pid, version, epoch, " + values::epoch_ms("since") + ", " + values::epoch_ms(sign_of_life);
}

std::optional<leader_info> leader_of(const pg::rows& r) {
  if (r.size() == 0) return std::nullopt;
  return leader_info{{std::string{r.text(0, 0)}, std::string{r.text(0, 1)}, r.integer(0, 2), std::string{r.text(0, 3)}},
                     r.integer(0, 4),
                     values::read_instant(r, 0, 5),
                     values::read_instant(r, 0, 6)};
}

bool has_schema(pg::connection& db) {
  return db.exec("look for the schema", "SELECT to_regclass('ordersync.leader') IS NOT NULL").flag(0, 0);
}

// A condition on pg_locks l.
std::string is_leaders_lock() {
  return fmt::format(
      "l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.classid = {} AND l.objid = {} "
      "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      leaders_lock >> 32, leaders_lock & 0xFFFFFFFF);
}

}  // namespace

std::string session_name(const std::string& instance_id) {
  return (std::string{session_prefix} + instance_id).substr(0, 63);
}

std::string instance_of(const std::string& session) {
  return session.starts_with(session_prefix) ? session.substr(session_prefix.size()) : session;
}

void require_epoch(pg::connection& db, std::int64_t epoch, const std::string& instance_id) {
  const auto r = db.exec("check the epoch",
                         "SELECT epoch = $1 AND instance = $2, host, pid, to_char(since, 'YYYY-MM-DD\"T\"HH24:MI:SS') "
                         "FROM ordersync.leader FOR KEY SHARE",
                         {std::to_string(epoch), instance_id});
  if (r.size() == 1 && r.flag(0, 0)) return;
  throw pg::precondition_failed(core::make_error(
      core::failure::database,
      r.size() == 0 ? std::string{"database: no daemon leads any more; nothing was written"}
                    : fmt::format("database: another daemon (process {} on {}) leads since {}Z; nothing was written",
                                  r.text(0, 2), r.text(0, 1), r.text(0, 3))));
}

std::optional<leader_info> read_leader(pg::connection& db) {
  if (!has_schema(db)) return std::nullopt;
  return leader_of(db.exec("read the leader", "SELECT " + leader_columns() + " FROM ordersync.leader"));
}

std::chrono::seconds read_heartbeat_pace(pg::connection& db) {
  const auto r =
      db.exec("look who can be seen",
              "SELECT pg_is_in_recovery() OR EXISTS (SELECT FROM pg_stat_activity s, ordersync.leader l "
              "WHERE s.datname = current_database() AND s.application_name = left('ordersync/' || l.instance, 63) "
              "AND s.query_start IS NULL)");
  return r.flag(0, 0) ? stored_heartbeat_pace : std::chrono::seconds{0};
}

core::instant read_clock(pg::connection& db) {
  return values::read_instant(db.exec("read the clock", "SELECT " + values::epoch_ms("clock_timestamp()")), 0, 0);
}

bool take_leaders_lock(pg::connection& db) {
  return db.exec("try to lead", fmt::format("SELECT pg_try_advisory_lock({})", leaders_lock)).flag(0, 0);
}

// Who holds the lock asks its session something at each of its looks.
std::optional<lock_holder> read_lock_holder(pg::connection& db) {
  const auto leader = read_leader(db);
  const auto r = db.exec("read the leader", "SELECT a.application_name, a.pid, " + values::epoch_ms("a.query_start") +
                                                ", " + values::epoch_ms("clock_timestamp()") +
                                                " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE " +
                                                is_leaders_lock() + " AND l.pid <> pg_backend_pid()");
  if (r.size() == 0) return std::nullopt;
  lock_holder holder{std::string{r.text(0, 0)}, {}, {}};
  const bool leads = leader && session_name(leader->who.id) == holder.session;
  // A session of another role does not show what it does: then it counts as alive.
  auto sign = values::read_optional_instant(r, 0, 2).value_or(values::read_instant(r, 0, 3));
  if (leads) sign = std::max(sign, leader->heartbeat_at);
  holder.beat = fmt::format("{} {}", r.text(0, 1), sign.time_since_epoch().count());
  holder.age = values::read_instant(r, 0, 3) - sign;
  return holder;
}

int end_sessions(pg::connection& db, const std::string& session, bool holder, const std::string& own) {
  // Waits a moment for each to be gone, so that the lock is free right afterwards.
  const auto r = db.exec("end sessions of a silent leader",
                         "SELECT count(*) FROM (SELECT pg_terminate_backend(a.pid, 1000) FROM pg_stat_activity a "
                         "WHERE a.datname = current_database() AND a.usename = current_user "
                         "AND a.pid <> pg_backend_pid() AND a.application_name <> $2 AND (a.application_name = $1 OR "
                         "($3 AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND " +
                             is_leaders_lock() + ")))) ended",
                         {session, own, holder ? "true" : "false"});
  return static_cast<int>(r.integer(0, 0));
}

std::optional<std::int64_t> begin_epoch(pg::connection& db, const instance& self) try {
  return db
      .exec("begin an epoch",
            "INSERT INTO ordersync.leader AS held (epoch, instance, host, pid, version, since, heartbeat_at) "
            "VALUES (1, $1, $2, $3, $4, clock_timestamp(), clock_timestamp()) "
            "ON CONFLICT (only_row) DO UPDATE SET epoch = held.epoch + 1, instance = excluded.instance, "
            "host = excluded.host, pid = excluded.pid, version = excluded.version, since = excluded.since, "
            "heartbeat_at = greatest(held.heartbeat_at, excluded.heartbeat_at) RETURNING epoch",
            {self.id, self.host, std::to_string(self.pid), self.version})
      .integer(0, 0);
} catch (const pg::sql_error& why) {
  if (why.sqlstate() != "55P03") throw;
  return std::nullopt;
}

std::optional<leader_info> beat(pg::connection& db, std::int64_t epoch, const std::string& instance_id) {
  // One that is ahead was written before the server's clock was set back.
  db.exec("heartbeat",
          fmt::format("UPDATE ordersync.leader SET heartbeat_at = clock_timestamp() WHERE epoch = $1 AND instance = $2 "
                      "AND heartbeat_at NOT BETWEEN clock_timestamp() - interval '{} s' AND clock_timestamp()",
                      stored_heartbeat_pace.count()),
          {std::to_string(epoch), instance_id});
  return leader_of(db.exec("heartbeat",
                           "SELECT " + leader_columns() + " FROM ordersync.leader WHERE epoch = $1 AND instance = $2",
                           {std::to_string(epoch), instance_id}));
}

}  // namespace ordersync::store::leadership
