#include "store/reports/problem_table.hpp"

#include "store/reports/api_state_table.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

namespace ordersync::store::reports {
namespace {

// A daemon that ends and begins anew every few seconds writes a few each time. Who looks wants days, not all of it.
constexpr int most_kept = 500;
constexpr int most_shown = 50;

// What a daemon whose clock is ahead has written must not hide what comes later.
void write_problem(pg::connection& db, const logged_problem& one) {
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (const auto& [name, value] : one.fields) {
    names.push_back(name);
    values.push_back(value);
  }
  db.exec("write troubles",
          "INSERT INTO ordersync.troubles (instance, event, account, failure, level, first_at, last_at, count, fields) "
          "VALUES ($1, $2, $3, $4, $5, least($6::timestamptz, clock_timestamp()), "
          "least($7::timestamptz, clock_timestamp()), $8, jsonb_object($9::text[], $10::text[])) "
          "ON CONFLICT (instance, event, account, failure) DO UPDATE SET level = excluded.level, "
          "first_at = excluded.first_at, last_at = excluded.last_at, count = excluded.count, fields = excluded.fields",
          {one.instance, one.event, one.account, one.failure, one.level == core::severity::error ? "error" : "warning",
           core::to_text(one.first_at), core::to_text(one.last_at), fmt::format("{}", one.count),
           values::array_literal(names), values::array_literal(values)});
}

bool same(const logged_problem& a, const pg::rows& r, int row) {
  return a.instance == r.text(row, 0) && a.event == r.text(row, 1) && a.account == r.text(row, 2) &&
         a.failure == r.text(row, 3);
}

logged_problem problem_of(const pg::rows& r, int row) {
  return {.instance = std::string{r.text(row, 0)},
          .event = std::string{r.text(row, 1)},
          .account = std::string{r.text(row, 2)},
          .failure = std::string{r.text(row, 3)},
          .level = r.flag(row, 4) ? core::severity::error : core::severity::warning,
          .first_at = values::read_instant(r, row, 5),
          .last_at = values::read_instant(r, row, 6),
          .count = r.integer(row, 7)};
}

}  // namespace

void write_problems(pg::connection& db, const std::vector<logged_problem>& list, const std::vector<api_state>& api) {
  write_api_states(db, api);
  if (list.empty()) return;
  for (const auto& one : list) write_problem(db, one);
  db.exec("write troubles",
          fmt::format("DELETE FROM ordersync.troubles WHERE last_at < (SELECT last_at FROM ordersync.troubles "
                      "ORDER BY last_at DESC OFFSET {} LIMIT 1)",
                      most_kept - 1));
}

std::vector<logged_problem> read_problems(pg::connection& db) {
  const std::string order = "last_at DESC, instance, event, account, failure";
  const auto r =
      db.exec("read troubles", "SELECT instance, event, account, failure, level = 'error', " +
                                   values::epoch_ms("first_at") + ", " + values::epoch_ms("last_at") +
                                   ", count, key, value FROM (SELECT * FROM ordersync.troubles ORDER BY " + order +
                                   fmt::format(" LIMIT {}) latest", most_shown) +
                                   " LEFT JOIN LATERAL jsonb_each_text(fields) ON true ORDER BY " + order + ", key");
  std::vector<logged_problem> list;  // a row a field, or one row where there is none
  for (int row = 0; row < r.size(); ++row) {
    if (list.empty() || !same(list.back(), r, row)) list.push_back(problem_of(r, row));
    if (!r.is_null(row, 8)) list.back().fields.emplace_back(std::string{r.text(row, 8)}, std::string{r.text(row, 9)});
  }
  return list;
}

}  // namespace ordersync::store::reports
