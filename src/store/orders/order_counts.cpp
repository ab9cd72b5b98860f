#include "store/orders/order_counts.hpp"

#include "store/values/literals.hpp"

#include <fmt/format.h>

namespace ordersync::store::orders {
namespace {

// As the statement takes them: one array a column.
struct count_columns {
  std::vector<std::string> accounts, days;
  std::vector<std::int64_t> statuses, orders, vanished, items;

  void add(const count_key& key, const order_count& change) {
    accounts.push_back(key.account);
    days.push_back(key.day ? std::to_string(key.day->time_since_epoch().count()) : "");
    statuses.push_back(key.status);
    orders.push_back(change.orders);
    vanished.push_back(change.vanished);
    items.push_back(change.items);
  }
};

}  // namespace

order_count& order_count::operator+=(const order_count& more) noexcept {
  orders += more.orders;
  vanished += more.vanished;
  items += more.items;
  return *this;
}

count_key key_of(const core::order& order, const std::string& account) {
  count_key key{.account = account, .day = {}, .status = order.order_status.value_or(-1)};
  if (order.created_at) key.day = std::chrono::floor<std::chrono::days>(*order.created_at);
  return key;
}

order_count count_of(const core::order& order) {
  return {.orders = 1, .vanished = 0, .items = static_cast<std::int64_t>(order.items.size())};
}

std::string key_columns(std::string_view alias) {
  return fmt::format(
      "{0}._account, (({0}.created_at AT TIME ZONE 'UTC')::date - date '1970-01-01') AS day, "
      "coalesce({0}.order_status, -1) AS status",
      alias);
}

count_key read_key(const pg::rows& r, int row) {
  count_key key{.account = std::string{r.text(row, 0)}, .day = {}, .status = r.integer(row, 2)};
  if (!r.is_null(row, 1)) key.day = std::chrono::sys_days{std::chrono::days{r.integer(row, 1)}};
  return key;
}

order_counts read_counts(pg::connection& db, const std::vector<std::int64_t>& ids) {
  const auto list = values::array_literal(ids);
  db.exec("hold orders", "SELECT ordersync.hold_orders($1::bigint[])", {list});
  const auto r = db.exec("count what is to change",
                         fmt::format("SELECT {}, count(*), count(o._vanished_at), coalesce(sum(i.lines), 0)::bigint "
                                     "FROM ordersync.orders AS o LEFT JOIN (SELECT order_id, count(*) AS lines FROM "
                                     "ordersync.order_items WHERE order_id = ANY ($1::bigint[]) GROUP BY order_id) "
                                     "AS i ON i.order_id = o.id WHERE o.id = ANY ($1::bigint[]) GROUP BY 1, 2, 3",
                                     key_columns("o")),
                         {list});
  order_counts counts;
  for (int row = 0; row < r.size(); ++row)
    counts[read_key(r, row)] = {r.integer(row, 3), r.integer(row, 4), r.integer(row, 5)};
  return counts;
}

// In the order of the key, so that two that write cannot wait for each other.
void add_counts(pg::connection& db, const order_counts& changes) {
  count_columns of;
  for (const auto& [key, change] : changes)
    if (!change.is_zero()) of.add(key, change);
  if (of.accounts.empty()) return;
  db.exec("count orders",
          "INSERT INTO ordersync.order_counts AS held (account, day, status, orders, vanished, order_items) "
          "SELECT account, coalesce(date '1970-01-01' + nullif(day, '')::integer, '-infinity'), status, orders, "
          "vanished, items FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], "
          "$6::bigint[]) AS change (account, day, status, orders, vanished, items) "
          "ORDER BY account COLLATE \"C\", 2, 3 ON CONFLICT (account, day, status) DO UPDATE SET "
          "orders = held.orders + excluded.orders, vanished = held.vanished + excluded.vanished, "
          "order_items = held.order_items + excluded.order_items",
          {values::array_literal(of.accounts), values::array_literal(of.days), values::array_literal(of.statuses),
           values::array_literal(of.orders), values::array_literal(of.vanished), values::array_literal(of.items)});
}

}  // namespace ordersync::store::orders
