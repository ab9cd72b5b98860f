#pragma once
// Orders on their way into the mirror's tables: new ones by COPY, changed ones by COPY into temporary tables and one
// statement a table. Runs inside the caller's transaction, under the writers' lock.

#include "core/order.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace ordersync::store::orders {

// The temporary tables, for orders and for findings; does nothing when the connection has them already.
void create_staging_tables(pg::connection& db);

struct orders_to_write {
  std::vector<const core::order*> created;  // not in the mirror
  std::vector<const core::order*> changed;  // in the mirror
  // Of those that changed: whom they belong to, where that is another account than the one that writes.
  std::unordered_map<std::int64_t, std::string> owners{};
};

// Writes each order and all that belongs to it, and the states that are superseded into the history; what is gone from
// an order goes. An order that had vanished is there again. Keeps order_counts.
void write_orders(pg::connection& db, const orders_to_write& orders, const std::string& account);

}  // namespace ordersync::store::orders
