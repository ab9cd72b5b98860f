#include "store/reports/last_read.hpp"

#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <string_view>

namespace ordersync::store::reports {
namespace {

// Rows that each of the two looks passes at most. The latest so many are a week of a busy account, and younger orders
// are read again within less. 0.15 s to 0.2 s each, of a million sweeps in memory.
constexpr int most_passed = 100'000;

// A part of a window that is too large to hold at once may not have held the order; the last part says what came of it.
constexpr std::string_view may_have_shown =
    "range @> $2::timestamptz AND (CASE WHEN order_ids IS NULL THEN outcome IN ('proven', 'unproven') AND orders_seen "
    "> "
    "0 ELSE $3::bigint = ANY (order_ids) END)";

std::string statement(std::string_view passed) {
  return fmt::format(
      "SELECT {}, kind, reason, order_ids IS NOT NULL, outcome = 'proven', {} FROM (SELECT * FROM ordersync.sweeps "
      "WHERE account = $1 {} LIMIT {}) AS passed WHERE {} ORDER BY finished_at DESC, id DESC LIMIT 1",
      values::range_bounds("range"), values::epoch_ms("finished_at"), passed, most_passed, may_have_shown);
}

std::optional<order_read> read_first(const pg::rows& r) {
  if (r.size() == 0) return std::nullopt;
  return order_read{.window = values::read_window(r, 0, 0),
                    .kind = std::string{r.text(0, 2)},
                    .reason = std::string{r.text(0, 3)},
                    .apart = r.flag(0, 4),
                    .proven = r.flag(0, 5),
                    .finished_at = values::read_instant(r, 0, 6)};
}

}  // namespace

std::optional<order_read> read_last_read(pg::connection& db, const order_report& of) {
  const auto created = of.created_at ? of.created_at : of.tb_created_at;
  if (!created) return std::nullopt;
  const std::vector<pg::param> params{of.account, core::to_text(*created), std::to_string(of.id)};
  // By the index on (account, finished_at): ends at the first that fits.
  static const auto latest = statement("ORDER BY finished_at DESC");
  if (auto found = read_first(db.exec("look through the latest sweeps", latest, params))) return found;
  // By the index on (account, upper(range)).
  static const auto around = statement("AND upper(range) > $2::timestamptz ORDER BY upper(range)");
  return read_first(db.exec("look through the sweeps around an order", around, params));
}

}  // namespace ordersync::store::reports
