#include "store/maintenance/quarantine_table.hpp"

#include "store/maintenance/erasure_marks.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

namespace ordersync::store::maintenance {
namespace {

const std::string columns = "SELECT id, account, order_id, path, reason, raw, octet_length(raw), " +
                            values::epoch_ms("first_seen_at") + ", " + values::epoch_ms("last_seen_at") + ", " +
                            values::epoch_ms("resolved_at") + " FROM ordersync.quarantine ";

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

std::vector<quarantined> read_quarantine(pg::connection& db, bool open_only, int limit) {
  return read_rows(db, fmt::format("{}ORDER BY id DESC LIMIT {}", open_only ? "WHERE resolved_at IS NULL " : "", limit),
                   {});
}

quarantined read_quarantined(pg::connection& db, std::int64_t id) {
  auto found = read_rows(db, "WHERE id = $1", {std::to_string(id)});
  if (found.empty()) {
    throw pg::precondition_failed(
        core::make_error(core::failure::input, fmt::format("quarantine has no entry {}", id)));
  }
  return std::move(found.front());
}

std::map<std::string, std::int64_t> count_open_quarantine(pg::connection& db) {
  const auto r = db.exec("count quarantine",
                         "SELECT account, count(*) FROM ordersync.quarantine WHERE resolved_at IS NULL "
                         "GROUP BY account");
  std::map<std::string, std::int64_t> counts;
  for (int row = 0; row < r.size(); ++row) counts.emplace(r.text(row, 0), r.integer(row, 1));
  return counts;
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
