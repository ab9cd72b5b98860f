#include "store/coverage/known_orders.hpp"

#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace ordersync::store::coverage {
namespace {

// So many neighbours are looked at for one of the account: there is no index on it, and one that has hardly any of
// them must not cost a walk through all.
constexpr int neighbours = 1'000;

const std::string columns =
    "id, tb_order_id, " + values::epoch_ms("created_at") + ", " + values::epoch_ms("tb_created_at") + ", order_status";
constexpr const char* usable =
    "_account = $1 AND _vanished_at IS NULL AND created_at IS NOT NULL AND tb_order_id ~ '^[0-9]+$'";

void read_rows(const pg::rows& r, std::vector<known_order>& list) {
  for (int row = 0; row < r.size(); ++row) {
    known_order order;
    order.id = r.integer(row, 0);
    order.tb_order_id = r.text(row, 1);
    order.created_at = values::read_instant(r, row, 2);
    order.tb_created_at = values::read_optional_instant(r, row, 3);
    if (!r.is_null(row, 4)) order.order_status = r.integer(row, 4);
    list.push_back(std::move(order));
  }
}

void read_newest(pg::connection& db, const std::string& account, int count, std::vector<known_order>& list) {
  read_rows(db.exec("read the newest orders",
                    fmt::format("SELECT {} FROM (SELECT * FROM ordersync.orders WHERE created_at IS NOT NULL "
                                "ORDER BY created_at DESC LIMIT {}) latest WHERE {} ORDER BY created_at DESC LIMIT {}",
                                columns, std::max(neighbours, 4 * count), usable, count),
                    {account}),
            list);
}

std::vector<std::string> points_between(core::instant first, core::instant last, int count, std::uint64_t random) {
  std::mt19937_64 engine{random};
  std::uniform_int_distribution<std::int64_t> place{0, std::max<std::int64_t>((last - first).count(), 0)};
  std::vector<std::string> points;
  for (int i = 0; i < count; ++i) points.push_back(core::to_text(first + std::chrono::milliseconds{place(engine)}));
  return points;
}

void read_scattered(pg::connection& db, const std::string& account, int count, std::uint64_t random,
                    std::vector<known_order>& list) {
  const auto ends =
      db.exec("read the ends of creation time", "SELECT " + values::epoch_ms("min(created_at)") + ", " +
                                                    values::epoch_ms("max(created_at)") + " FROM ordersync.orders");
  if (ends.is_null(0, 0) || count <= 0) return;
  std::vector<std::int64_t> known;
  for (const auto& order : list) known.push_back(order.id);
  std::string found;
  for (const auto& point :
       points_between(values::read_instant(ends, 0, 0), values::read_instant(ends, 0, 1), count, random)) {
    found += fmt::format(
        "{}(SELECT * FROM (SELECT * FROM ordersync.orders WHERE created_at >= '{}' ORDER BY created_at LIMIT {}) near "
        "WHERE {} AND id <> ALL ($2::bigint[]) ORDER BY created_at LIMIT 1)",
        found.empty() ? "" : " UNION ALL ", point, neighbours, usable);
  }
  read_rows(db.exec("read orders at random",
                    fmt::format("SELECT {} FROM (SELECT DISTINCT ON (id) * FROM ({}) near_points ORDER BY id) found "
                                "ORDER BY created_at",
                                columns, found),
                    {account, values::array_literal(known)}),
            list);
}

}  // namespace

std::vector<known_order> read_known_orders(pg::connection& db, const std::string& account, int count,
                                           std::uint64_t random) {
  std::vector<known_order> list;
  if (count <= 0) return list;
  read_newest(db, account, (count + 1) / 2, list);
  read_scattered(db, account, count / 2, random, list);
  return list;
}

std::int64_t count_vanished(pg::connection& db, const std::string& account, const core::window& created,
                            core::instant since) {
  return db
      .exec("count vanished orders",
            "SELECT count(*) FROM ordersync.orders WHERE _vanished_at >= $3 AND _account = $1 "
            "AND created_at <@ $2::tstzrange",
            {account, values::range_literal(created), core::to_text(since)})
      .integer(0, 0);
}

std::int64_t count_held(pg::connection& db, const std::string& account, const core::window& created) {
  return db
      .exec("count orders",
            "SELECT count(*) FROM ordersync.orders WHERE _account = $1 AND _vanished_at IS NULL "
            "AND created_at >= coalesce(lower($2::tstzrange), '-infinity') "
            "AND created_at < coalesce(upper($2::tstzrange), 'infinity')",
            {account, values::range_literal(created)})
      .integer(0, 0);
}

}  // namespace ordersync::store::coverage
