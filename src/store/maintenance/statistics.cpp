#include "store/maintenance/statistics.hpp"

#include <algorithm>

namespace ordersync::store::maintenance {

bool growth::add(std::int64_t created) noexcept {
  in_all_ += created;
  const auto lately = created_ += created;
  if (created == 0 || lately < std::max<std::int64_t>(1'000, 7 * orders_)) return false;
  return !asked_.exchange(true);
}

void growth::analyzed(std::optional<std::int64_t> orders) noexcept {
  if (orders) orders_ = std::max(*orders, in_all_.load());
  created_ = 0;
  asked_ = false;
}

std::int64_t analyze_orders(pg::connection& db) {
  // A sample of 7,500 rows a table instead of 30,000: good enough until the server makes its own.
  db.exec("analyze", "SELECT set_config('default_statistics_target', '25', true)");
  db.exec("analyze",
          "ANALYZE (SKIP_LOCKED) ordersync.orders, ordersync.order_items, ordersync.order_cargo, "
          "ordersync.order_receivers, ordersync.order_warehouse_addresses, ordersync.stored_payloads, "
          "ordersync.order_history, ordersync.sweeps, ordersync.coverage, ordersync.mirror_settings");
  return db
      .exec("read statistics",
            "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'ordersync.orders'::regclass")
      .integer(0, 0);
}

}  // namespace ordersync::store::maintenance
