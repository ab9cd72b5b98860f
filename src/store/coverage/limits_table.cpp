#include "store/coverage/limits_table.hpp"

#include "store/values/sql_values.hpp"

namespace ordersync::store::coverage {

std::vector<api_limit> read_limits(pg::connection& db, const std::string& account) {
  const auto r = db.exec("read limits",
                         "SELECT name, value, " + values::epoch_ms("since") + ", " + values::epoch_ms("tried_at") +
                             ", found_by FROM ordersync.api_limits WHERE account = $1 ORDER BY name",
                         {account});
  std::vector<api_limit> limits;
  for (int row = 0; row < r.size(); ++row) {
    limits.push_back({std::string{r.text(row, 0)}, r.integer(row, 1), values::read_instant(r, row, 2),
                      values::read_instant(r, row, 3), std::string{r.text(row, 4)}});
  }
  return limits;
}

void write_limit(pg::connection& db, const std::string& account, const api_limit& limit) {
  db.exec("write a limit",
          "INSERT INTO ordersync.api_limits AS held (account, name, value, since, tried_at, found_by) "
          "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account, name) DO UPDATE SET value = excluded.value, "
          "since = CASE WHEN held.value = excluded.value THEN held.since ELSE excluded.since END, "
          "tried_at = excluded.tried_at, found_by = excluded.found_by",
          {account, limit.name, std::to_string(limit.value), core::to_text(limit.since), core::to_text(limit.tried_at),
           limit.found_by});
}

void drop_limit(pg::connection& db, const std::string& account, const std::string& name) {
  db.exec("drop a limit", "DELETE FROM ordersync.api_limits WHERE account = $1 AND name = $2", {account, name});
}

}  // namespace ordersync::store::coverage
