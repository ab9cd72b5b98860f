#include "store/maintenance/quarantine_table.hpp"

#include "store/maintenance/erasure_marks.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

namespace ordersync::store::maintenance {
namespace {

const std::string columns = "SELECT q.id, q.account, q.order_id, q.path, q.reason, q.raw, octet_length(q.raw), " +
                            values::epoch_ms("q.first_seen_at") + ", " + values::epoch_ms("q.last_seen_at") + ", " +
                            values::epoch_ms("q.resolved_at") + ", q.accepted_reason, q.accepted_by, " +
                            values::epoch_ms("q.accepted_at") + ", a.why, a.accepted_by, " +
                            values::epoch_ms("a.accepted_at") +
                            " FROM ordersync.quarantine q LEFT JOIN ordersync.accepted_kinds a ON a.path = q.kind_path "
                            "AND a.reason = q.kind_reason ";

quarantined read_row(const pg::rows& r, int row) {
  quarantined q;
  q.id = r.integer(row, 0);
  q.account = r.text(row, 1);
  if (!r.is_null(row, 2)) q.order_id = r.integer(row, 2);
  q.path = r.text(row, 3);
  q.reason = r.text(row, 4);
  q.raw = r.text(row, 5);
  q.erased = is_stand_in(q.raw);
  q.bytes = r.integer(row, 6);
  q.first_seen_at = values::read_instant(r, row, 7);
  q.last_seen_at = values::read_instant(r, row, 8);
  q.resolved_at = values::read_optional_instant(r, row, 9);
  q.accepted = read_acceptance(r, row, 10);
  q.kind_accepted = read_acceptance(r, row, 13);
  return q;
}

std::vector<quarantined> read_rows(pg::connection& db, const std::string& rest, const std::vector<pg::param>& params) {
  const auto r = db.exec("read quarantine", columns + rest, params);
  std::vector<quarantined> list;
  list.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row) list.push_back(read_row(r, row));
  for (auto& q : list) {
    if (q.order_id) continue;
    q.ranges = values::read_windows(
        db.exec("read quarantine",
                "SELECT " + values::range_bounds("part") +
                    " FROM ordersync.quarantine, unnest(range) AS part WHERE id = $1 ORDER BY part",
                {std::to_string(q.id)}));
  }
  return list;
}

}  // namespace

std::string condition_of(quarantine_part part) {
  // NULL is in neither column.
  const std::string kind_accepted =
      "(q.kind_path, q.kind_reason) IN (SELECT path, reason FROM ordersync.accepted_kinds)";
  switch (part) {
    case quarantine_part::open:
      return "q.resolved_at IS NULL AND q.accepted_at IS NULL AND NOT " + kind_accepted;
    case quarantine_part::accepted:
      return "q.resolved_at IS NULL AND (q.accepted_at IS NOT NULL OR " + kind_accepted + ")";
    case quarantine_part::unresolved:
      return "q.resolved_at IS NULL";
    case quarantine_part::all:
      break;
  }
  return "true";
}

std::optional<acceptance> read_acceptance(const pg::rows& r, int row, int first_column) {
  const auto at = values::read_optional_instant(r, row, first_column + 2);
  if (!at) return std::nullopt;
  return acceptance{std::string{r.text(row, first_column)}, std::string{r.text(row, first_column + 1)}, *at};
}

std::vector<quarantined> read_quarantine(pg::connection& db, const quarantine_choice& of, int limit) {
  std::vector<pg::param> params;
  if (of.account) params.emplace_back(of.account);
  return read_rows(db,
                   fmt::format("WHERE {}{} ORDER BY q.id DESC LIMIT {}", condition_of(of.part),
                               of.account ? " AND q.account = $1" : "", limit),
                   params);
}

quarantined read_quarantined(pg::connection& db, std::int64_t id) {
  auto found = read_rows(db, "WHERE q.id = $1", {std::to_string(id)});
  if (found.empty()) {
    throw pg::precondition_failed(
        core::make_error(core::failure::input, fmt::format("quarantine has no entry {}", id)));
  }
  return std::move(found.front());
}

std::vector<drift_path> read_drift(pg::connection& db) {
  const auto r = db.exec("read drift", "SELECT path, " + values::epoch_ms("first_seen_at") + ", " +
                                           values::epoch_ms("last_seen_at") +
                                           ", count FROM ordersync.schema_drift ORDER BY first_seen_at DESC, path");
  std::vector<drift_path> list;
  list.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row)
    list.push_back({std::string{r.text(row, 0)}, values::read_instant(r, row, 1), values::read_instant(r, row, 2),
                    r.integer(row, 3)});
  return list;
}

}  // namespace ordersync::store::maintenance
