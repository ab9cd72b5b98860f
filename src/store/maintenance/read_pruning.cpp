#include "store/maintenance/read_pruning.hpp"

#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace ordersync::store::maintenance {
namespace {

struct stored_read {
  std::int64_t id = 0;
  std::string position;  // its end, as exactly as the database has it
  coverage::proven_read is;
  bool may_go = false;
};

std::optional<std::string> account_after(pg::connection& db, const std::string& account) {
  const auto r =
      db.exec("read the next account", "SELECT min(account) FROM ordersync.coverage WHERE account > $1", {account});
  if (r.is_null(0, 0)) return std::nullopt;
  return std::string{r.text(0, 0)};
}

// Live windows and revisits come again and again. What others read stays: somebody asked for it, or nothing is later.
std::vector<stored_read> read_next(pg::connection& db, const prune_rules& rules, const prune_position& from) {
  const auto r = db.exec(
      "read proven sweeps",
      fmt::format("SELECT id, finished_at::text, scope, {}, {}, {}, {}, orders_seen > 0, kind IN ('live', 'revisit') "
                  "AND finished_at < CASE WHEN created + changed + outdated + quarantined > 0 OR reason <> '' THEN "
                  "$2::timestamptz ELSE $1::timestamptz END FROM ordersync.sweeps WHERE account = $3 AND outcome = "
                  "'proven' AND proven IS NOT NULL AND order_ids IS NULL AND finished_at <= $4::timestamptz AND "
                  "(finished_at, id) < ($4::timestamptz, $5::bigint) ORDER BY finished_at DESC, id DESC LIMIT {}",
                  values::range_bounds("range"), values::range_bounds("proven"), values::epoch_ms("started_at"),
                  values::epoch_ms("finished_at"), rules.rows_at_once),
      {core::to_text(rules.uneventful_before), core::to_text(rules.eventful_before), from.account,
       from.finished_at.empty() ? "infinity" : from.finished_at, std::to_string(from.id)});
  std::vector<stored_read> reads;
  reads.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row)
    reads.push_back({.id = r.integer(row, 0),
                     .position = std::string{r.text(row, 1)},
                     .is = {.scope = std::string{r.text(row, 2)},
                            .range = values::read_window(r, row, 3),
                            .proven = values::read_window(r, row, 5),
                            .started_at = values::read_instant(r, row, 7),
                            .finished_at = values::read_instant(r, row, 8),
                            .saw_orders = r.flag(row, 9)},
                     .may_go = r.flag(row, 10)});
  return reads;
}

// A cluster computes no EXISTS of a SELECT without columns.
bool holds_order(pg::connection& db, const std::string& account, const core::window& created) {
  return db
      .exec(
          "look for orders of a read",
          "SELECT EXISTS (SELECT 1 FROM ordersync.orders WHERE _account = $1 AND created_at >= $2 AND created_at < $3) "
          "OR EXISTS (SELECT 1 FROM ordersync.orders WHERE _account = $1 AND created_at IS NULL "
          "AND tb_created_at >= $2 AND tb_created_at < $3)",
          {account, core::to_text(created.begin), core::to_text(created.end)})
      .flag(0, 0);
}

void count_instead(pg::connection& db, const std::vector<std::int64_t>& ids) {
  db.exec("prune sweeps",
          "WITH gone AS (DELETE FROM ordersync.sweeps WHERE id = ANY ($1::bigint[]) RETURNING account, kind, "
          "finished_at, pages, created, changed, unchanged) "
          "INSERT INTO ordersync.reads_by_day AS known (account, day, kind, reads, requests, created, changed, "
          "unchanged, last_finished_at) "
          "SELECT account, (finished_at AT TIME ZONE 'UTC')::date, kind, count(*), sum(pages), sum(created), "
          "sum(changed), sum(unchanged), max(finished_at) FROM gone GROUP BY 1, 2, 3 "
          "ON CONFLICT (account, day, kind) DO UPDATE SET reads = known.reads + excluded.reads, "
          "requests = known.requests + excluded.requests, created = known.created + excluded.created, "
          "changed = known.changed + excluded.changed, unchanged = known.unchanged + excluded.unchanged, "
          "last_finished_at = greatest(known.last_finished_at, excluded.last_finished_at)",
          {values::array_literal(ids)});
}

}  // namespace

prune_step prune_reads(pg::connection& db, const prune_rules& rules, prune_position from) {
  if (from.finished_at.empty()) {
    auto account = account_after(db, from.account);
    if (!account) return {};
    from = {.account = std::move(*account)};
  }
  const auto any = [&](const core::window& created) { return holds_order(db, from.account, created); };
  std::vector<std::int64_t> superseded;
  const auto reads = read_next(db, rules, from);
  for (const auto& read : reads) {
    if (read.may_go && from.seen.is_superseded(read.is, any))
      superseded.push_back(read.id);
    else
      from.seen.keep(read.is);
  }
  if (!superseded.empty()) count_instead(db, superseded);
  prune_step step{.pruned = static_cast<std::int64_t>(superseded.size())};
  if (std::cmp_less(reads.size(), rules.rows_at_once)) {
    step.next = prune_position{.account = std::move(from.account)};
    return step;
  }
  from.finished_at = reads.back().position;
  from.id = reads.back().id;
  step.next = std::move(from);
  return step;
}

}  // namespace ordersync::store::maintenance
