#include "store/recheck/open_orders.hpp"

#include "store/values/literals.hpp"
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
std::string open_between(const char* begin, const char* end) {
  return fmt::format(
      "o._account = $1 AND o.created_at >= {}::timestamptz AND o.created_at < {}::timestamptz AND "
      "o.order_status NOT IN (5, 6, 7) AND o._vanished_at IS NULL",
      begin, end);
}
const std::string open_in_window = open_between("$2", "$3");

std::string count_in(const char* begin, const char* end, int status) {
  return fmt::format("(SELECT count(*) FROM ordersync.orders o WHERE o.order_status = {} AND {})", status,
                     open_between(begin, end));
}

// From $4 to $5.
std::string counted_days(int status) {
  return fmt::format(
      "(SELECT coalesce(sum(orders - vanished), 0)::bigint FROM ordersync.order_counts WHERE account = $1 AND "
      "day >= ($4::timestamptz AT TIME ZONE 'UTC')::date AND day < ($5::timestamptz AT TIME ZONE 'UTC')::date AND "
      "status = {0} AND status NOT IN (5, 6, 7))",
      status);
}

core::window whole_days(const core::window& window) {
  return {std::chrono::ceil<std::chrono::days>(window.begin), std::chrono::floor<std::chrono::days>(window.end)};
}

std::string array_of(const std::vector<int>& statuses) {
  return values::array_literal(std::vector<std::int64_t>(statuses.begin(), statuses.end()));
}

}  // namespace

// The days that lie whole in the window are counted already (see order_counts), so of a long window only what is before
// and after them is read: one stretch of the index for each status, for all of them together would be read in the order
// of the heap. One statement, so that all is of one moment.
sync::recheck::status_counts count_open(pg::connection& db, const std::string& account, const core::window& window,
                                        const std::vector<int>& statuses) {
  if (statuses.empty()) return {};
  const auto days = whole_days(window);
  std::string columns;
  for (const auto status : statuses) {
    columns += columns.empty() ? "" : ", ";
    columns += days.empty() ? count_in("$2", "$3", status)
                            : fmt::format("{} + {} + {}", count_in("$2", "$4", status), counted_days(status),
                                          count_in("$5", "$3", status));
  }
  std::vector<pg::param> parameters{account, core::to_text(window.begin), core::to_text(window.end)};
  if (!days.empty()) {
    parameters.emplace_back(core::to_text(days.begin));
    parameters.emplace_back(core::to_text(days.end));
  }
  const auto r = db.exec("count open orders", "SELECT " + columns, parameters);
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
