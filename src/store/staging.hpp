#pragma once
// Orders on their way into the mirror's tables: COPY into temporary tables, then one statement a table. Runs inside the
// caller's transaction, under the writers' lock.

#include "core/order.hpp"
#include "store/pq_connection.hpp"

#include <string>
#include <vector>

namespace ordersync::store {

// Once a connection, inside a transaction, before the first write.
void create_staging_tables(connection& db);

// Writes each order and all that belongs to it; what is gone from an order goes. `some_exist` is whether any of them is
// in the mirror already.
void write_orders(connection& db, const std::vector<const core::order*>& orders, const std::string& account,
                  bool some_exist);

}  // namespace ordersync::store
