#include "store/orders/findings.hpp"

#include "core/utf8.hpp"
#include "store/values/copy_binary.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

namespace ordersync::store::orders {
namespace {

// Paths are index keys, which PostgreSQL limits to 2,704 bytes. They are made of names of fields, so a longer one is no
// use to anybody.
constexpr std::size_t longest_path = 1'000;

std::string cut_path(const std::string& path) {
  return std::string{core::truncated(path, longest_path)};
}

// Puts findings into the staging table, each once.
class staged_findings {
 public:
  void add(core::integer order_id, const std::string& path, const std::string& reason, const std::string& raw,
           core::instant seen_at) {
    const auto name = cut_path(path);
    const auto hash = core::sha256_of(raw);
    // Of a whole order the path says only where in the reply it stood.
    if (!known_.emplace(order_id, order_id ? name : std::string{}, hash).second) return;
    rows_.begin_row(6);
    rows_.add(order_id);
    rows_.add(name);
    rows_.add(reason);
    rows_.add(raw);
    rows_.add(hash);
    rows_.add(seen_at);
  }
  bool empty() const noexcept { return known_.empty(); }
  void send(pg::connection& db) {
    rows_.end();
    create_staging_tables(db);
    db.begin_copy("stage quarantine",
                  "COPY pg_temp.staged_findings (order_id, path, reason, raw, raw_sha256, seen_at) FROM STDIN "
                  "(FORMAT binary)");
    db.put_copy(rows_.bytes());
    db.end_copy();
  }

 private:
  std::set<std::tuple<core::integer, std::string, core::sha256>> known_;
  values::copy_binary rows_;
};

std::string ids_of(const std::vector<const core::order*>& orders) {
  std::vector<std::int64_t> ids;
  ids.reserve(orders.size());
  for (const auto* order : orders) ids.push_back(order->id);
  return values::array_literal(ids);
}

// What a path of a detail begins with: no field of an order does.
constexpr const char* of_detail = "detail.";

constexpr const char* resolve_all_values =
    "UPDATE ordersync.quarantine q SET resolved_at = o._observed_at FROM ordersync.orders o "
    "WHERE q.order_id = ANY($1::bigint[]) AND q.resolved_at IS NULL AND o.id = q.order_id "
    "AND NOT starts_with(q.path, 'detail.')";

constexpr const char* resolve_detail_values =
    "UPDATE ordersync.quarantine q SET resolved_at = $2 WHERE q.order_id = $1 AND q.resolved_at IS NULL "
    "AND starts_with(q.path, 'detail.') AND ($3 OR NOT starts_with(q.path, 'detail.refunds['))";

constexpr const char* unstaged =
    " AND NOT EXISTS (SELECT FROM pg_temp.staged_findings s "
    "WHERE s.order_id = q.order_id AND s.path = q.path AND s.raw_sha256 = q.raw_sha256)";

constexpr const char* see_values_again =
    "UPDATE ordersync.quarantine q SET last_seen_at = s.seen_at FROM pg_temp.staged_findings s "
    "WHERE q.order_id = s.order_id AND q.path = s.path AND q.raw_sha256 = s.raw_sha256 AND q.resolved_at IS NULL";

// What an INSERT into quarantine has added: how many values, and how many of them of an accepted kind.
std::string counting_accepted(const char* insert) {
  return fmt::format(
      "WITH added AS ({} RETURNING kind_path, kind_reason) SELECT count(*), count(k.path) FROM added LEFT JOIN "
      "ordersync.accepted_kinds k ON k.path = added.kind_path AND k.reason = added.kind_reason",
      insert);
}

new_values read_added(const pg::rows& r) {
  return {r.integer(0, 0), r.integer(0, 1)};
}

constexpr const char* insert_values =
    "INSERT INTO ordersync.quarantine (account, order_id, path, reason, raw, raw_sha256, first_seen_at, last_seen_at) "
    "SELECT $1, order_id, path, reason, raw, raw_sha256, seen_at, seen_at FROM pg_temp.staged_findings s "
    "WHERE NOT EXISTS (SELECT FROM ordersync.quarantine q WHERE q.order_id = s.order_id AND q.path = s.path "
    "AND q.raw_sha256 = s.raw_sha256 AND q.resolved_at IS NULL)";

// $2 is the window that showed the order: it must lie there. Where that contradicts what was known, what is new holds.
constexpr const char* narrow_orders =
    "UPDATE ordersync.quarantine q SET range = CASE WHEN isempty(q.range * tstzmultirange($2::tstzrange)) "
    "THEN tstzmultirange($2::tstzrange) ELSE q.range * tstzmultirange($2::tstzrange) END "
    "FROM pg_temp.staged_findings s WHERE q.account = $1 AND q.order_id IS NULL AND s.order_id IS NULL "
    "AND q.raw_sha256 = s.raw_sha256 AND q.resolved_at IS NULL AND NOT q.range <@ $2::tstzrange";

constexpr const char* insert_orders =
    "INSERT INTO ordersync.quarantine "
    "(account, path, reason, raw, raw_sha256, range, first_seen_at, last_seen_at) "
    "SELECT $1, path, reason, raw, raw_sha256, tstzmultirange($2::tstzrange), seen_at, seen_at "
    "FROM pg_temp.staged_findings s WHERE s.order_id IS NULL AND NOT EXISTS (SELECT FROM ordersync.quarantine q "
    "WHERE q.account = $1 AND q.order_id IS NULL AND q.raw_sha256 = s.raw_sha256 AND q.resolved_at IS NULL)";

constexpr const char* subtract_proven =
    "UPDATE ordersync.quarantine SET range = range - tstzmultirange($2::tstzrange), "
    "resolved_at = CASE WHEN range <@ $2::tstzrange THEN $3::timestamptz END "
    "WHERE account = $1 AND order_id IS NULL AND resolved_at IS NULL AND range && $2::tstzrange";

struct sighting {
  core::instant first, last;
  std::int64_t count = 0;
};
using sightings = std::map<std::string, sighting>;  // by path

void add_sighting(sightings& found, const std::string& path, core::instant at) {
  auto& seen = found.try_emplace(cut_path(path), sighting{at, at}).first->second;
  seen.first = std::min(seen.first, at);
  seen.last = std::max(seen.last, at);
  ++seen.count;
}

// How many are new.
std::int64_t write_drift(pg::connection& db, const sightings& found, seen when) {
  if (found.empty()) return 0;
  std::vector<std::string> paths;
  std::vector<std::string> firsts;
  std::vector<std::string> lasts;
  std::vector<std::int64_t> counts;
  for (const auto& [path, seen] : found) {
    paths.push_back(path);
    firsts.push_back(core::to_text(seen.first));
    lasts.push_back(core::to_text(seen.last));
    counts.push_back(seen.count);
  }
  const std::string insert =
      "INSERT INTO ordersync.schema_drift AS d (path, first_seen_at, last_seen_at, count) "
      "SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::bigint[]) ON CONFLICT (path) DO ";
  const auto* const known = when == seen::before
                                ? "NOTHING RETURNING true"
                                : "UPDATE SET last_seen_at = greatest(d.last_seen_at, excluded.last_seen_at), "
                                  "count = d.count + excluded.count "
                                  "RETURNING xmax = 0";  // what was there is locked by this transaction
  const auto counted = db.exec("count drift", insert + known,
                               {values::array_literal(paths), values::array_literal(firsts),
                                values::array_literal(lasts), values::array_literal(counts)});
  std::int64_t fresh = 0;
  for (int i = 0; i < counted.size(); ++i) fresh += counted.flag(i, 0) ? 1 : 0;
  return fresh;
}

}  // namespace

new_values quarantine_values(pg::connection& db, const orders_to_write& written, const std::string& account) {
  staged_findings staged;
  for (const auto* orders : {&written.created, &written.changed}) {
    for (const auto* order : *orders) {
      for (const auto& note : order->notes) staged.add(order->id, note.path, note.reason, note.raw, order->observed_at);
    }
  }
  // A temporary table that is touched is emptied at the commit, which costs more than a small batch does otherwise.
  if (staged.empty()) {
    if (!written.changed.empty()) db.exec("resolve quarantine", resolve_all_values, {ids_of(written.changed)});
    return {};
  }
  staged.send(db);
  static const auto resolve_unstaged_values = std::string{resolve_all_values} + unstaged;
  db.exec("resolve quarantine", resolve_unstaged_values, {ids_of(written.changed)});
  db.exec("see quarantine again", see_values_again);
  return read_added(db.exec("write quarantine", counting_accepted(insert_values), {account}));
}

new_values quarantine_detail(pg::connection& db, const detail_findings& found, const std::string& account) {
  staged_findings staged;
  for (const auto& note : found.notes)
    staged.add(found.order_id, of_detail + note.path, note.reason, note.raw, found.observed_at);
  const std::vector<pg::param> which{std::to_string(found.order_id), core::to_text(found.observed_at),
                                     found.complete ? "true" : "false"};
  if (staged.empty()) {
    db.exec("resolve quarantine", resolve_detail_values, which);
    return {};
  }
  staged.send(db);
  static const auto resolve_unstaged_values = std::string{resolve_detail_values} + unstaged;
  db.exec("resolve quarantine", resolve_unstaged_values, which);
  db.exec("see quarantine again", see_values_again);
  return read_added(db.exec("write quarantine", counting_accepted(insert_values), {account}));
}

new_values quarantine_orders(pg::connection& db, const sync::window_batch& batch) {
  if (batch.unusable.empty()) return {};
  staged_findings staged;
  for (const auto& order : batch.unusable) {
    staged.add(std::nullopt, order.path, order.reason, order.raw, order.observed_at);
  }
  staged.send(db);
  const auto range = values::range_literal(batch.window);
  db.exec("narrow quarantine", narrow_orders, {batch.account, range});
  return read_added(db.exec("write quarantine", counting_accepted(insert_orders), {batch.account, range}));
}

void resolve_proven(pg::connection& db, const std::string& account, const core::window& proven, core::instant seen_at) {
  db.exec("resolve quarantine", subtract_proven, {account, values::range_literal(proven), core::to_text(seen_at)});
}

std::int64_t count_drift(pg::connection& db, const orders_to_write& written, seen when) {
  sightings found;
  for (const auto* orders : {&written.created, &written.changed}) {
    for (const auto* order : *orders)
      for (const auto& path : order->unknown_paths) add_sighting(found, path, order->observed_at);
  }
  return write_drift(db, found, when);
}

void count_drift(pg::connection& db, const detail_findings& found, seen when) {
  sightings paths;
  for (const auto& path : found.unknown_paths) add_sighting(paths, of_detail + path, found.observed_at);
  write_drift(db, paths, when);
}

std::vector<std::string> drift_paths(const std::vector<core::order>& orders,
                                     const std::vector<std::string>& of_details) {
  std::set<std::string> paths;
  for (const auto& path : of_details) paths.insert(cut_path(of_detail + path));
  for (const auto& order : orders)
    for (const auto& path : order.unknown_paths) paths.insert(cut_path(path));
  return {paths.begin(), paths.end()};
}

void forget_drift(pg::connection& db, std::int64_t replay) {
  db.exec("forget drift",
          "DELETE FROM ordersync.schema_drift d USING ordersync.replays r "
          "WHERE r.id = $1 AND d.path <> ALL (r.unknown_paths) AND d.last_seen_at < r.started_at",
          {std::to_string(replay)});
}

}  // namespace ordersync::store::orders
