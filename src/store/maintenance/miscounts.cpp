#include "store/maintenance/miscounts.hpp"

#include "store/coverage/proof.hpp"
#include "store/orders/order_counts.hpp"

#include <fmt/format.h>

namespace ordersync::store::maintenance {
namespace {

struct conditions {
  std::string orders, counts;
};

conditions conditions_of(const counted_part& part, std::vector<pg::param>& parameters) {
  conditions of{"o.created_at IS NULL", "day = '-infinity'"};
  if (part.created) {
    using std::chrono::days;
    parameters = {core::to_text(core::second{std::chrono::floor<days>(part.created->begin)}),
                  core::to_text(core::second{std::chrono::ceil<days>(part.created->end)})};
    of = {"o.created_at >= $1::timestamptz AND o.created_at < $2::timestamptz",
          "day >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND day < ($2::timestamptz AT TIME ZONE 'UTC')::date"};
  }
  if (part.account) {
    parameters.emplace_back(*part.account);
    of.orders += fmt::format(" AND o._account = ${}", parameters.size());
    of.counts += fmt::format(" AND account = ${}", parameters.size());
  }
  return of;
}

// One statement, so that both are of one moment.
std::string compare(const conditions& where) {
  return fmt::format(
      "SELECT account, day, status, sum(orders)::bigint, sum(vanished)::bigint, sum(items)::bigint FROM ("
      "SELECT {0}, count(*) AS orders, count(o._vanished_at) AS vanished, coalesce(sum(i.lines), 0)::bigint AS items "
      "FROM ordersync.orders AS o LEFT JOIN (SELECT order_id, count(*) AS lines FROM ordersync.order_items WHERE "
      "order_id IN (SELECT o.id FROM ordersync.orders AS o WHERE {1}) GROUP BY order_id) AS i ON i.order_id = o.id "
      "WHERE {1} GROUP BY 1, 2, 3 UNION ALL "
      "SELECT account, nullif(day, '-infinity') - date '1970-01-01', status, -orders, -vanished, -order_items "
      "FROM ordersync.order_counts WHERE {2}) AS every (account, day, status, orders, vanished, items) "
      "GROUP BY account, day, status HAVING sum(orders) <> 0 OR sum(vanished) <> 0 OR sum(items) <> 0 "
      "ORDER BY account, day, status",
      orders::key_columns("o"), where.orders, where.counts);
}

orders::order_counts read_differences(pg::connection& db, const counted_part& of) {
  db.exec("allow time", "SELECT set_config('statement_timeout', '0', true)");
  std::vector<pg::param> parameters;
  const auto sql = compare(conditions_of(of, parameters));
  const auto r = db.exec("compare counts", sql, parameters);
  orders::order_counts found;
  for (int row = 0; row < r.size(); ++row)
    found[orders::read_key(r, row)] = {r.integer(row, 3), r.integer(row, 4), r.integer(row, 5)};
  return found;
}

std::vector<miscount> report(const orders::order_counts& differences) {
  std::vector<miscount> list;
  for (const auto& [key, missing] : differences) {
    const auto status = key.status == -1 ? std::nullopt : core::integer{key.status};
    list.push_back({key.account, key.day, status, missing.orders, missing.vanished, missing.items});
  }
  return list;
}

}  // namespace

std::vector<miscount> find_miscounts(pg::connection& db, const counted_part& of) {
  return report(read_differences(db, of));
}

// Added and not set: who deletes by hand does not wait for the writers' lock, and subtracts meanwhile.
std::vector<miscount> correct_counts(pg::connection& db, const counted_part& of) {
  coverage::lock_writers(db);
  const auto differences = read_differences(db, of);
  orders::add_counts(db, differences);
  return report(differences);
}

}  // namespace ordersync::store::maintenance
