#include "store/leadership/lease_table.hpp"

#include "store/jobs/job_table.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace ordersync::store::leadership {
namespace {

// "ordersyw": beside the leader's lock. The access key's hash is the second half of the lock.
constexpr int slices_lock = 1'937'340'791;

// Between names of accounts, which hold no control characters.
constexpr char separator = '\x1f';

std::vector<std::string> split(std::string_view joined) {
  std::vector<std::string> list;
  while (!joined.empty()) {
    const auto end = std::min(joined.find(separator), joined.size());
    list.emplace_back(joined.substr(0, end));
    joined.remove_prefix(std::min(end + 1, joined.size()));
  }
  std::ranges::sort(list);
  return list;
}

double number_of(std::string_view text) {
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{}) throw std::logic_error("a slice of the rate is not a number");
  return value;
}

std::int64_t integer_of(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Rows of three kinds with the same columns. A session of another role does not show when it asked last: then each look
// finds another sign of life.
constexpr const char* all_of_it =
    "WITH seen AS (SELECT application_name, max(query_start) AS at, bool_or(query_start IS NULL) AS hidden "
    "FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'ordersync/%' GROUP BY 1) "
    "SELECT 'worker', w.instance, array_to_string(w.accounts, E'\\x1f'), "
    "concat_ws(' ', extract(epoch FROM w.heartbeat_at), extract(epoch FROM s.at), "
    "CASE WHEN s.hidden THEN extract(epoch FROM clock_timestamp()) END), "
    "CASE WHEN s.application_name IS NULL THEN '' ELSE 'connected' END "
    "FROM ordersync.workers w LEFT JOIN seen s ON s.application_name = left('ordersync/' || w.instance, 63) "
    "UNION ALL SELECT 'lease', account, key_group, coalesce(owner, ''), epoch::text FROM ordersync.account_leases "
    "UNION ALL SELECT 'slice', key_group, worker, per_second::text, number::text FROM ordersync.rate_slices";

}  // namespace

void require_lease(pg::connection& db, const std::string& account, std::int64_t epoch, const std::string& instance_id) {
  const auto r = db.exec("check the lease",
                         "SELECT epoch = $2 AND owner IS NOT DISTINCT FROM $3, owner "
                         "FROM ordersync.account_leases WHERE account = $1 FOR KEY SHARE",
                         {account, std::to_string(epoch), instance_id});
  if (r.size() == 1 && r.flag(0, 0)) return;
  throw pg::precondition_failed(core::make_error(
      core::failure::database,
      r.size() == 0 || r.is_null(0, 1)
          ? fmt::format("database: this daemon does not own account {} any more; nothing was written", account)
          : fmt::format("database: another daemon ({}) owns account {}; nothing was written", r.text(0, 1), account)));
}

void require_part(pg::connection& db, const std::string& instance_id) {
  const auto r = db.exec("check the daemon's part",
                         "SELECT EXISTS (SELECT FROM ordersync.leader WHERE instance = $1) "
                         "OR EXISTS (SELECT FROM ordersync.account_leases WHERE owner = $1)",
                         {instance_id});
  if (r.flag(0, 0)) return;
  throw pg::precondition_failed(core::make_error(
      core::failure::database, "database: this daemon neither leads nor owns an account; nothing was written"));
}

void write_worker(pg::connection& db, const instance& self, const std::map<std::string, std::string>& key_groups) {
  std::vector<std::string> accounts;
  std::vector<std::string> groups;
  for (const auto& [account, group] : key_groups) {
    accounts.push_back(account);
    groups.push_back(group);
  }
  const auto names = values::array_literal(accounts);
  db.exec("remove dead workers",
          "DELETE FROM ordersync.workers WHERE heartbeat_at < clock_timestamp() - interval '10 min' AND instance <> $1 "
          "AND left('ordersync/' || instance, 63) NOT IN (SELECT application_name FROM pg_stat_activity "
          "WHERE datname = current_database() AND application_name IS NOT NULL)",
          {self.id});
  db.exec("write the worker",
          "INSERT INTO ordersync.workers (instance, host, pid, version, accounts, since, heartbeat_at) "
          "VALUES ($1, $2, $3, $4, $5::text[], clock_timestamp(), clock_timestamp()) ON CONFLICT (instance) "
          "DO UPDATE SET accounts = excluded.accounts, heartbeat_at = excluded.heartbeat_at",
          {self.id, self.host, std::to_string(self.pid), self.version, names});
  db.exec("write accounts without a lease",
          "INSERT INTO ordersync.account_leases (account, key_group) SELECT w.account, w.key_group "
          "FROM unnest($1::text[], $2::text[]) AS w (account, key_group) WHERE w.account NOT IN "
          "(SELECT account FROM ordersync.account_leases) ON CONFLICT DO NOTHING",
          {names, values::array_literal(groups)});
  // Where the access key was changed.
  db.exec("write access keys of accounts",
          "UPDATE ordersync.account_leases l SET key_group = w.key_group "
          "FROM unnest($1::text[], $2::text[]) AS w (account, key_group) WHERE w.account = l.account "
          "AND w.key_group <> l.key_group AND (l.owner IS NULL OR l.owner = $3)",
          {names, values::array_literal(groups), self.id});
}

sync::sharing::view read_sharing(pg::connection& db) {
  const auto r = db.exec("look at accounts and workers", all_of_it);
  sync::sharing::view seen;
  for (int i = 0; i < r.size(); ++i) {
    const auto text = [&](int column) { return std::string{r.text(i, column)}; };
    if (r.text(i, 0) == "worker")
      seen.workers.push_back({text(1), text(3), r.text(i, 4) == "connected", split(r.text(i, 2))});
    else if (r.text(i, 0) == "lease")
      seen.leases.push_back({text(1), text(2), text(3), integer_of(r.text(i, 4))});
    else
      seen.slices.push_back({text(1), text(2), number_of(r.text(i, 3)), integer_of(r.text(i, 4))});
  }
  std::ranges::sort(seen.leases, {}, &sync::sharing::lease::account);
  std::ranges::sort(seen.workers, {}, &sync::sharing::worker::id);
  return seen;
}

std::vector<account_owner> read_owners(pg::connection& db, std::chrono::seconds patience) {
  const auto r = db.exec(
      "read the owners of accounts",
      "SELECT l.account, coalesce(l.owner, ''), coalesce(w.host, ''), " + values::epoch_ms("l.since") + ", " +
          values::epoch_ms("clock_timestamp()") + ", " +
          values::epoch_ms(
              "CASE WHEN l.owner IS NULL THEN l.since ELSE greatest(l.since, w.heartbeat_at, (SELECT "
              "CASE WHEN bool_or(s.query_start IS NULL) THEN clock_timestamp() ELSE max(s.query_start) END "
              "FROM pg_stat_activity s WHERE s.datname = current_database() "
              "AND s.application_name = left('ordersync/' || l.owner, 63))) END") +
          " FROM ordersync.account_leases l LEFT JOIN ordersync.workers w ON w.instance = l.owner ORDER BY l.account");
  std::vector<account_owner> list;
  for (int i = 0; i < r.size(); ++i) {
    account_owner one{std::string{r.text(i, 0)},
                      std::string{r.text(i, 1)},
                      std::string{r.text(i, 2)},
                      values::read_instant(r, i, 3),
                      {}};
    const auto silent = values::read_instant(r, i, 4) - values::read_instant(r, i, 5);
    if (one.owner.empty() || silent > patience) one.ownerless_for = std::max(silent, std::chrono::milliseconds{0});
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<sync::sharing::lease> take_leases(pg::connection& db, const std::string& instance_id,
                                              const std::vector<sync::sharing::lease>& list) {
  std::vector<std::string> accounts;
  std::vector<std::int64_t> epochs;
  for (const auto& each : list) {
    accounts.push_back(each.account);
    epochs.push_back(each.epoch);
  }
  const auto r = db.exec("take accounts",
                         "WITH free AS (SELECT l.account FROM ordersync.account_leases l "
                         "JOIN unnest($2::text[], $3::bigint[]) AS w (account, epoch) "
                         "ON w.account = l.account AND w.epoch = l.epoch FOR UPDATE OF l SKIP LOCKED) "
                         "UPDATE ordersync.account_leases l SET owner = $1, epoch = l.epoch + 1, "
                         "since = clock_timestamp() FROM free f WHERE f.account = l.account "
                         "RETURNING l.account, l.key_group, l.epoch",
                         {instance_id, values::array_literal(accounts), values::array_literal(epochs)});
  std::vector<sync::sharing::lease> taken;
  for (int i = 0; i < r.size(); ++i)
    taken.push_back({std::string{r.text(i, 0)}, std::string{r.text(i, 1)}, instance_id, r.integer(i, 2)});
  return taken;
}

void release_leases(pg::connection& db, const std::string& instance_id, const std::vector<sync::sharing::lease>& list) {
  for (const auto& each : list)
    db.exec("give an account back",
            "UPDATE ordersync.account_leases SET owner = NULL, since = clock_timestamp(), "
            "released_at = clock_timestamp() WHERE account = $1 AND epoch = $2 AND owner = $3",
            {each.account, std::to_string(each.epoch), instance_id});
  db.exec("say that accounts are free", "SELECT pg_notify($1, 'accounts')", {jobs::job_channel});
}

void leave_workers(pg::connection& db, const std::string& instance_id) {
  db.exec("take no more accounts", "UPDATE ordersync.workers SET accounts = '{}' WHERE instance = $1", {instance_id});
  db.exec("give the rate back", "DELETE FROM ordersync.rate_slices WHERE worker = $1", {instance_id});
}

void remove_worker(pg::connection& db, const std::string& instance_id) {
  db.exec("give accounts back",
          "UPDATE ordersync.account_leases SET owner = NULL, since = clock_timestamp(), "
          "released_at = clock_timestamp() WHERE owner = $1",
          {instance_id});
  db.exec("give the rate back", "DELETE FROM ordersync.rate_slices WHERE worker = $1", {instance_id});
  db.exec("remove the worker", "DELETE FROM ordersync.workers WHERE instance = $1", {instance_id});
  db.exec("say that accounts are free", "SELECT pg_notify($1, 'accounts')", {jobs::job_channel});
}

std::optional<sync::sharing::slice> write_slice(pg::connection& db, const std::string& instance_id,
                                                const sync::sharing::slice_wish& wish) {
  const auto locked =
      db.exec("lock the slices of an access key",
              fmt::format("SELECT pg_try_advisory_xact_lock({}, hashtext($1))", slices_lock), {wish.key_group});
  if (!locked.flag(0, 0)) return std::nullopt;
  for (const auto& [worker, number] : wish.lapsed)
    db.exec("drop a lapsed slice",
            "DELETE FROM ordersync.rate_slices WHERE key_group = $1 AND worker = $2 AND number = $3",
            {wish.key_group, worker, std::to_string(number)});
  if (wish.per_second <= 0) {
    db.exec("give the rate back", "DELETE FROM ordersync.rate_slices WHERE key_group = $1 AND worker = $2",
            {wish.key_group, instance_id});
    return sync::sharing::slice{wish.key_group, instance_id, 0, 0};
  }
  const auto r =
      db.exec("write a slice of the rate",
              "INSERT INTO ordersync.rate_slices AS mine (key_group, worker, per_second, number) "
              "SELECT $1, $2, greatest(0, least($3::float8, $4::float8 - (SELECT coalesce(sum(o.per_second), 0) "
              "FROM ordersync.rate_slices o WHERE o.key_group = $1 AND o.worker <> $2))), "
              "nextval('ordersync.rate_slice_numbers') ON CONFLICT (key_group, worker) DO UPDATE SET "
              "per_second = excluded.per_second, number = excluded.number, since = clock_timestamp() "
              "RETURNING per_second, number",
              {wish.key_group, instance_id, fmt::format("{}", wish.per_second), fmt::format("{}", wish.total)});
  return sync::sharing::slice{wish.key_group, instance_id, number_of(r.text(0, 0)), r.integer(0, 1)};
}

}  // namespace ordersync::store::leadership
