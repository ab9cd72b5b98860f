#include "store/maintenance/replay_table.hpp"

#include "store/coverage/proof.hpp"
#include "store/orders/findings.hpp"
#include "store/orders/staging.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

namespace ordersync::store::maintenance {
namespace {

std::vector<stored_payload> read_rows(const pg::rows& r) {
  std::vector<stored_payload> list;
  list.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row)
    list.push_back({r.integer(row, 0), values::read_instant(r, row, 1), std::string{r.text(row, 2)}});
  return list;
}

// Writing an order says that the API shows it, so those that vanished are left alone.
const std::string select_payloads = "SELECT o.id, " + values::epoch_ms("o._observed_at") +
                                    ", p.payload FROM ordersync.orders o "
                                    "JOIN ordersync.order_payloads p ON p.order_id = o.id AND o._vanished_at IS NULL ";

struct stored_state {
  std::string account;
  core::instant observed_at{};
  core::sha256 content_hash{};
  core::sha256 payload_sha256{};
};

std::unordered_map<std::int64_t, stored_state> read_states(pg::connection& db, const std::vector<core::order>& orders) {
  std::vector<std::int64_t> ids;
  ids.reserve(orders.size());
  for (const auto& order : orders) ids.push_back(order.id);
  const auto r = db.exec("read stored orders",
                         "SELECT o.id, o._account, " + values::epoch_ms("o._observed_at") +
                             ", o._content_hash, p.sha256 FROM ordersync.orders o "
                             "JOIN ordersync.order_payloads p ON p.order_id = o.id AND o._vanished_at IS NULL WHERE "
                             "o.id = ANY($1::bigint[])",
                         {values::array_literal(ids)});
  std::unordered_map<std::int64_t, stored_state> states;
  for (int row = 0; row < r.size(); ++row) {
    states.emplace(r.integer(row, 0), stored_state{std::string{r.text(row, 1)}, values::read_instant(r, row, 2),
                                                   values::read_sha256(r, row, 3), values::read_sha256(r, row, 4)});
  }
  return states;
}

// Unbounded where no bound was asked for.
std::string range_of(const std::optional<core::second>& from, const std::optional<core::second>& to) {
  return fmt::format("[{},{})", from ? core::to_text(*from) : "", to ? core::to_text(*to) : "");
}

std::string within(const std::optional<core::second>& from, const std::optional<core::second>& to) {
  std::string condition = "true";
  if (from) condition += " AND o.created_at >= '" + core::to_text(*from) + "'";
  if (to) condition += " AND o.created_at < '" + core::to_text(*to) + "'";
  return condition;
}

const std::string state_columns =
    "id, position, orders, created, changed, unchanged, overtaken, unusable, finished_at IS NOT NULL";

replay_state read_state(const pg::rows& r, replay_state known) {
  known.id = r.integer(0, 0);
  known.position = r.integer(0, 1);
  known.orders = r.integer(0, 2);
  known.created = r.integer(0, 3);
  known.counts = {r.integer(0, 4), r.integer(0, 5), r.integer(0, 6)};
  known.unusable = r.integer(0, 7);
  known.finished = r.flag(0, 8);
  return known;
}

}  // namespace

std::vector<stored_payload> read_payloads(pg::connection& db, const std::vector<std::int64_t>& order_ids) {
  return read_rows(
      db.exec("read payloads", select_payloads + "WHERE o.id = ANY($1::bigint[])", {values::array_literal(order_ids)}));
}

// What a sweep does with orders that have changed, but for the proof: a payload proves nothing anew.
rewrite_counts rewrite(pg::connection& db, const std::vector<core::order>& orders) {
  rewrite_counts counts;
  if (orders.empty()) return counts;
  coverage::lock_writers(db);
  const auto states = read_states(db, orders);
  std::map<std::string, orders::orders_to_write> changed;  // by account
  for (const auto& order : orders) {
    const auto at = states.find(order.id);
    if (at == states.end() || at->second.payload_sha256 != order.payload_sha256 ||
        at->second.observed_at != order.observed_at) {
      ++counts.overtaken;
    } else if (at->second.content_hash == order.content_hash) {
      ++counts.unchanged;
    } else {
      changed[at->second.account].changed.push_back(&order);
      ++counts.changed;
    }
  }
  for (const auto& [account, write] : changed) {
    orders::write_orders(db, write, account);
    orders::quarantine_values(db, write, account);
    orders::count_drift(db, write, orders::seen::before);
  }
  return counts;
}

replay_state begin_replay(pg::connection& db, std::optional<core::second> from, std::optional<core::second> to,
                          const std::string& program) {
  coverage::lock_writers(db);
  replay_state state;
  state.from = from;
  state.to = to;
  const auto range = range_of(from, to);
  const auto open = db.exec("look for a replay",
                            "SELECT " + state_columns +
                                " FROM ordersync.replays WHERE range = $1::tstzrange AND program = $2 "
                                "AND finished_at IS NULL ORDER BY id DESC LIMIT 1",
                            {range, program});
  state.resumed = open.size() > 0;
  if (state.resumed) return read_state(open, state);
  return read_state(
      db.exec(
          "begin a replay",
          fmt::format(
              "INSERT INTO ordersync.replays (range, program, orders) "
              "SELECT $1::tstzrange, $2, count(*) FROM ordersync.orders o "
              "JOIN ordersync.order_payloads p ON p.order_id = o.id AND o._vanished_at IS NULL WHERE {} RETURNING {}",
              within(from, to), state_columns),
          {range, program}),
      state);
}

std::vector<stored_payload> read_replay_batch(pg::connection& db, const replay_state& replay) {
  return read_rows(db.exec("read payloads",
                           fmt::format("{}WHERE o.id > $1 AND {} ORDER BY o.id LIMIT {}", select_payloads,
                                       within(replay.from, replay.to), replay_size),
                           {std::to_string(replay.position)}));
}

replay_state advance_replay(pg::connection& db, const replay_state& replay, const replay_piece& piece) {
  coverage::lock_writers(db);
  const auto id = std::to_string(replay.id);
  const auto now =
      db.exec("read the replay", "SELECT " + state_columns + " FROM ordersync.replays WHERE id = $1", {id});
  if (now.size() == 0) {
    throw pg::precondition_failed(
        core::make_error(core::failure::database, "the replay's row is gone from ordersync.replays"));
  }
  const auto stored = read_state(now, replay);
  // Another process works on the same replay, or an earlier try was committed and its answer lost.
  if (stored.position != replay.position || stored.finished) return stored;
  const auto counts = rewrite(db, piece.orders);
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  const auto advanced = read_state(
      db.exec("advance the replay",
              "UPDATE ordersync.replays SET position = $2, changed = changed + $3, unchanged = unchanged + $4, "
              "overtaken = overtaken + $5, unusable = unusable + $6, updated_at = now(), "
              "finished_at = CASE WHEN $7::boolean THEN now() END, "
              "unknown_paths = ARRAY(SELECT DISTINCT unnest(unknown_paths || $8::text[])) WHERE id = $1 RETURNING " +
                  state_columns,
              {id, number(piece.position), number(counts.changed), number(counts.unchanged), number(counts.overtaken),
               number(piece.unusable), piece.through ? "true" : "false",
               values::array_literal(orders::drift_paths(piece.orders, piece.detail_drift))}),
      replay);
  if (piece.through && !replay.from && !replay.to) orders::forget_drift(db, replay.id);
  return advanced;
}

}  // namespace ordersync::store::maintenance
