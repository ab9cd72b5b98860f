#include "store/reports/tier_table.hpp"

#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

namespace ordersync::store::reports {
namespace {

std::string interval_literal(std::chrono::seconds length) {
  return fmt::format("{} seconds", length.count());
}

}  // namespace

void write_tiers(pg::connection& db, const std::string& account, const std::vector<tier_report>& tiers) {
  std::vector<std::string> kept;
  for (const auto& tier : tiers) kept.push_back(interval_literal(tier.younger_than));
  db.exec("write tiers",
          "DELETE FROM ordersync.revisit_tiers WHERE account = $1 AND NOT younger_than = ANY($2::interval[])",
          {account, values::array_literal(kept)});
  for (const auto& tier : tiers) {
    db.exec("write tiers",
            "INSERT INTO ordersync.revisit_tiers (account, younger_than, every, oldest_read_at, behind) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, younger_than) DO UPDATE SET every = excluded.every, "
            "oldest_read_at = excluded.oldest_read_at, behind = excluded.behind, updated_at = now()",
            {account, interval_literal(tier.younger_than), interval_literal(tier.every),
             tier.oldest_read_at ? pg::param{core::to_text(*tier.oldest_read_at)} : std::nullopt,
             tier.behind ? "true" : "false"});
  }
}

std::vector<tier_report> read_tiers(pg::connection& db) {
  const auto r = db.exec(
      "read tiers", "SELECT account, extract(epoch FROM younger_than)::bigint, extract(epoch FROM every)::bigint, " +
                        values::epoch_ms("oldest_read_at") + ", behind, " + values::epoch_ms("updated_at") +
                        " FROM ordersync.revisit_tiers ORDER BY account, younger_than");
  std::vector<tier_report> tiers;
  for (int row = 0; row < r.size(); ++row) {
    tiers.push_back({std::string{r.text(row, 0)}, std::chrono::seconds{r.integer(row, 1)},
                     std::chrono::seconds{r.integer(row, 2)}, values::read_optional_instant(r, row, 3), r.flag(row, 4),
                     values::read_instant(r, row, 5)});
  }
  return tiers;
}

}  // namespace ordersync::store::reports
