#include "store/maintenance/mirror_counts.hpp"

#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::maintenance {
namespace {

// An order's two creation times differ by seconds; more than this would be another order's.
constexpr std::chrono::minutes apart{10};

// Of orders that the API is known to show no more nothing is expected.
std::string near(const core::window& window, std::chrono::seconds around) {
  return fmt::format("(o._vanished_at IS NULL AND o.created_at >= '{0}' AND o.created_at < '{1}')",
                     core::to_text(window.begin - around), core::to_text(window.end + around));
}

const std::string held_columns = "SELECT o.id, o._account, o.order_status, o._content_hash, " +
                                 values::epoch_ms("o.created_at") + ", " + values::epoch_ms("o.tb_created_at") +
                                 " FROM ordersync.orders o ";

std::vector<held_order> read_rows(const pg::rows& r) {
  std::vector<held_order> list;
  for (int row = 0; row < r.size(); ++row) {
    held_order order;
    order.id = r.integer(row, 0);
    order.account = r.text(row, 1);
    if (!r.is_null(row, 2)) order.status = r.integer(row, 2);
    order.content_hash = values::read_sha256(r, row, 3);
    order.created_at = values::read_optional_instant(r, row, 4);
    order.tb_created_at = values::read_optional_instant(r, row, 5);
    list.push_back(std::move(order));
  }
  return list;
}

}  // namespace

// The API is asked for one second before the window to its end (see order_source): by the narrowest reading it shows
// [begin, end), by the widest [begin - 1 s, end + 1 s), of one creation time or the other.
mirror_counts count_orders(pg::connection& db, const std::string& account, const core::window& window) {
  const auto inner = values::range_literal(window);
  const auto outer =
      values::range_literal({window.begin - std::chrono::seconds{1}, window.end + std::chrono::seconds{1}});
  const auto r = db.exec("count orders",
                         fmt::format("SELECT order_status, count(*) FILTER (WHERE created_at <@ $2::tstzrange), "
                                     "count(*) FILTER (WHERE created_at <@ $3::tstzrange), "
                                     "count(*) FILTER (WHERE tb_created_at <@ $2::tstzrange), "
                                     "count(*) FILTER (WHERE tb_created_at <@ $3::tstzrange) "
                                     "FROM ordersync.orders o WHERE _account = $1 AND {} GROUP BY order_status",
                                     near(window, apart)),
                         {account, inner, outer});
  mirror_counts counts;
  std::int64_t created_inside = 0;
  std::int64_t created_near = 0;
  std::int64_t tb_inside = 0;
  std::int64_t tb_near = 0;
  for (int row = 0; row < r.size(); ++row) {
    const auto n = [&](int column) { return r.integer(row, column); };
    created_inside += n(1);
    created_near += n(2);
    tb_inside += n(3);
    tb_near += n(4);
    const plausible_count of_status{std::min(n(1), n(3)), std::max(n(2), n(4))};
    r.is_null(row, 0) ? void(counts.without_status = of_status.most) : void(counts.by_status[n(0)] = of_status);
  }
  counts.total = {std::min(created_inside, tb_inside), std::max(created_near, tb_near)};
  return counts;
}

std::vector<held_order> read_held(pg::connection& db, const core::window& window, std::chrono::seconds around) {
  return read_rows(db.exec("read stored orders", held_columns + "WHERE " + near(window, around)));
}

std::vector<held_order> read_held(pg::connection& db, const std::vector<std::int64_t>& ids) {
  return read_rows(
      db.exec("read stored orders", held_columns + "WHERE o.id = ANY($1::bigint[])", {values::array_literal(ids)}));
}

}  // namespace ordersync::store::maintenance
