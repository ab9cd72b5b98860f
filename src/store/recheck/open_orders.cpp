#include "store/recheck/open_orders.hpp"

#include "store/values/copy_text.hpp"
#include "store/values/sql_values.hpp"
#include "sync/evidence/verification.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::recheck {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::minutes quiet_reach{10};
// An order's two creation times differ by seconds.
constexpr std::chrono::minutes apart{1};

// The condition of the index, word for word: else it is not used.
constexpr auto open_in_window =
    "o._account = $1 AND o.created_at >= $2::timestamptz AND o.created_at < $3::timestamptz AND "
    "o.order_status NOT IN (5, 6, 7) AND o._vanished_at IS NULL";

std::string array_of(const std::vector<int>& statuses) {
  return values::array_literal(std::vector<std::int64_t>(statuses.begin(), statuses.end()));
}

}  // namespace

// One stretch of the index for each status: all of them together would be read in the order of the heap.
sync::recheck::status_counts count_open(pg::connection& db, const std::string& account, const core::window& window,
                                        const std::vector<int>& statuses) {
  if (statuses.empty()) return {};
  std::string columns;
  for (const auto status : statuses)
    columns += fmt::format("{}(SELECT count(*) FROM ordersync.orders o WHERE o.order_status = {} AND {})",
                           columns.empty() ? "" : ", ", status, open_in_window);
  const auto r = db.exec("count open orders", "SELECT " + columns,
                         {account, core::to_text(window.begin), core::to_text(window.end)});
  sync::recheck::status_counts counts;
  for (std::size_t at = 0; at < statuses.size(); ++at) counts[statuses[at]] = r.integer(0, static_cast<int>(at));
  return counts;
}

std::vector<sync::recheck::mirror_order> read_open(pg::connection& db, const std::string& account,
                                                   const core::window& window, const std::vector<int>& statuses) {
  const auto r = db.exec("read open orders",
                         fmt::format("SELECT o.id, o.order_status, CASE WHEN o.tb_order_id ~ '^[0-9]+$' THEN "
                                     "o.tb_order_id END, {} FROM ordersync.orders o "
                                     "WHERE o.order_status = ANY($4::integer[]) AND {} ORDER BY o.created_at, o.id",
                                     values::epoch_ms("o.created_at"), open_in_window),
                         {account, core::to_text(window.begin), core::to_text(window.end), array_of(statuses)});
  std::vector<sync::recheck::mirror_order> orders;
  for (int row = 0; row < r.size(); ++row) {
    orders.push_back({r.integer(row, 0), static_cast<int>(r.integer(row, 1)),
                      r.is_null(row, 2) ? std::string{} : std::string{r.text(row, 2)},
                      values::read_instant(r, row, 3)});
  }
  return orders;
}

core::second find_quiet_second(pg::connection& db, core::second near) {
  const core::window around{near - quiet_reach, near + apart};
  const auto r = db.exec("read creation times",
                         fmt::format("SELECT {}, {} FROM ordersync.orders o WHERE o.created_at >= $1::timestamptz AND "
                                     "o.created_at < $2::timestamptz",
                                     values::epoch_ms("o.created_at"), values::epoch_ms("o.tb_created_at")),
                         {core::to_text(around.begin - apart), core::to_text(around.end)});
  std::vector<sync::evidence::creation> creations;
  for (int row = 0; row < r.size(); ++row) {
    const auto created = values::read_instant(r, row, 0);
    const auto other = values::read_optional_instant(r, row, 1).value_or(created);
    creations.push_back({std::min(created, other), std::max(created, other)});
  }
  return sync::evidence::quiet_second_before(creations, near, around.begin);
}

std::optional<core::second> find_middle(pg::connection& db, const std::string& account, const core::window& window,
                                        const std::vector<int>& statuses) {
  const auto r = db.exec(
      "find the middle of open orders",
      fmt::format("SELECT {}, count(*) FROM ordersync.orders o WHERE o.order_status = ANY($4::integer[]) AND {}",
                  values::epoch_ms("percentile_disc(0.5) WITHIN GROUP (ORDER BY o.created_at)"), open_in_window),
      {account, core::to_text(window.begin), core::to_text(window.end), array_of(statuses)});
  if (r.integer(0, 1) < 2) return std::nullopt;
  const auto middle = std::chrono::ceil<std::chrono::seconds>(values::read_instant(r, 0, 0)) + 1s;
  const auto quiet = find_quiet_second(db, middle);
  for (const auto at : {quiet, middle})
    if (at > window.begin && at < window.end) return at;
  return std::nullopt;
}

}  // namespace ordersync::store::recheck
