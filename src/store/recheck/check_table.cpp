#include "store/recheck/check_table.hpp"

#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ordersync::store::recheck {
namespace {

constexpr std::array states{check_state::untried, check_state::on, check_state::unusable};

check_state state_of(std::string_view text) {
  const auto at = std::ranges::find(states, text, [](check_state state) { return std::string_view{name(state)}; });
  return at == states.end() ? check_state::untried : *at;
}

std::string interval(std::chrono::seconds length) {
  return fmt::format("{} seconds", length.count());
}

std::string seconds_of(const char* column) {
  return fmt::format("extract(epoch FROM {})::bigint", column);
}

}  // namespace

const char* name(check_state state) noexcept {
  switch (state) {
    case check_state::untried:
      return "untried";
    case check_state::on:
      return "on";
    case check_state::unusable:
      return "unusable";
  }
  return "";
}

void write_check(pg::connection& db, const check_report& report) {
  db.exec("write a check by counts",
          "INSERT INTO ordersync.count_checks (account, state, reason, younger_than, every, period, windows, "
          "oldest_checked_at, requests, changes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
          "ON CONFLICT (account) DO UPDATE SET state = excluded.state, reason = excluded.reason, "
          "younger_than = excluded.younger_than, every = excluded.every, period = excluded.period, "
          "windows = excluded.windows, oldest_checked_at = excluded.oldest_checked_at, requests = excluded.requests, "
          "changes = excluded.changes, updated_at = now()",
          {report.account, name(report.state), report.reason, interval(report.younger_than), interval(report.every),
           report.period ? pg::param{interval(*report.period)} : std::nullopt, std::to_string(report.windows),
           report.oldest_checked_at ? pg::param{core::to_text(*report.oldest_checked_at)} : std::nullopt,
           std::to_string(report.requests), std::to_string(report.changes)});
}

std::vector<check_report> read_checks(pg::connection& db) {
  const auto r = db.exec("read checks by counts",
                         fmt::format("SELECT account, state, reason, {}, {}, {}, windows, {}, requests, changes, {} "
                                     "FROM ordersync.count_checks ORDER BY account",
                                     seconds_of("younger_than"), seconds_of("every"), seconds_of("period"),
                                     values::epoch_ms("oldest_checked_at"), values::epoch_ms("updated_at")));
  std::vector<check_report> list;
  for (int row = 0; row < r.size(); ++row) {
    check_report report;
    report.account = r.text(row, 0);
    report.state = state_of(r.text(row, 1));
    report.reason = r.text(row, 2);
    report.younger_than = std::chrono::seconds{r.integer(row, 3)};
    report.every = std::chrono::seconds{r.integer(row, 4)};
    if (!r.is_null(row, 5)) report.period = std::chrono::seconds{r.integer(row, 5)};
    report.windows = r.integer(row, 6);
    report.oldest_checked_at = values::read_optional_instant(r, row, 7);
    report.requests = r.integer(row, 8);
    report.changes = r.integer(row, 9);
    report.updated_at = values::read_instant(r, row, 10);
    list.push_back(std::move(report));
  }
  return list;
}

}  // namespace ordersync::store::recheck
