#include "store/reports/api_state_table.hpp"

#include "store/values/sql_values.hpp"

#include <fmt/format.h>

namespace ordersync::store::reports {
namespace {

// A machine whose clock is ahead must not make a failure begin in the future. (least() ignores NULL.)
void write_api_state(pg::connection& db, const api_state& one) {
  const auto since = one.failing_since ? pg::param{core::to_text(*one.failing_since)} : std::nullopt;
  const auto answer = one.answer ? pg::param{fmt::format("{}", one.answer->count())} : std::nullopt;
  db.exec("write the API's state",
          "INSERT INTO ordersync.api_states (account, instance, failing_since, failure, failures, answer_ms) "
          "SELECT $1, $2, CASE WHEN $3::timestamptz IS NOT NULL THEN least($3::timestamptz, clock_timestamp()) END, "
          "nullif($4, ''), $5::bigint, $6::bigint WHERE NOT EXISTS (SELECT FROM ordersync.account_leases "
          "WHERE account = $1 AND owner <> $2) "
          "ON CONFLICT (account) DO UPDATE SET instance = excluded.instance, failing_since = excluded.failing_since, "
          "failure = excluded.failure, failures = excluded.failures, answer_ms = excluded.answer_ms, "
          "updated_at = clock_timestamp()",
          {one.account, one.instance, since, one.failure, fmt::format("{}", one.failures), answer});
}

api_state state_of(const pg::rows& r, int row) {
  api_state state{.account = std::string{r.text(row, 0)},
                  .instance = std::string{r.text(row, 1)},
                  .failing_since = values::read_optional_instant(r, row, 2),
                  .failure = std::string{r.text(row, 3)},
                  .failures = r.integer(row, 4)};
  if (!r.is_null(row, 5)) state.answer = std::chrono::milliseconds{r.integer(row, 5)};
  return state;
}

}  // namespace

void write_api_states(pg::connection& db, const std::vector<api_state>& list) {
  for (const auto& one : list) write_api_state(db, one);
}

std::vector<api_state> read_api_states(pg::connection& db) {
  const auto r = db.exec("read the API's states", "SELECT account, instance, " + values::epoch_ms("failing_since") +
                                                      ", coalesce(failure, ''), failures, answer_ms "
                                                      "FROM ordersync.api_states ORDER BY account");
  std::vector<api_state> list;
  for (int row = 0; row < r.size(); ++row) list.push_back(state_of(r, row));
  return list;
}

}  // namespace ordersync::store::reports
