#pragma once
// Spreads the orders over the nodes of a Citus cluster: `orders`, every table that refers to it and `erased_orders`, by
// the order's id and co-located, so that an order and all of its rows are on one node. All other tables stay on the
// coordinator. Inside the caller's transaction, by the role that owns the tables.
//
// Hazards: reads and locks whole tables where there are orders already. Statements that join distributed with local
// tables work only in the forms that Citus takes; tests/e2e/citus_test.cpp runs all of ours.

#include "store/migrations/distributed.hpp"
#include "store/pg/connection.hpp"

namespace ordersync::store::migrations {

bool is_distributed(pg::connection& db);

// Throws precondition_failed with advice on a worker, which takes no changes of the schema.
void require_no_worker(pg::connection& db);

// Distributes what is not distributed yet; a second time does nothing. Throws precondition_failed with advice where the
// database has no Citus, is a worker, or has no node that this role reaches.
distributed distribute(pg::connection& db);

// Throws precondition_failed with advice where the orders are not distributed.
void require_distributed(pg::connection& db);

}  // namespace ordersync::store::migrations
