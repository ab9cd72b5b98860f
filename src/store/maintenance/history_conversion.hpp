#pragma once
// Removes from order_history the present states of orders, which versions before migration "superseded_states" wrote:
// they are in the tables of orders already. Inside the caller's transaction, under the writers' lock. How far it is
// stands in ordersync.history_conversion, so any process may go on, and several at once.

#include "store/maintenance/maintenance.hpp"
#include "store/pg/connection.hpp"

namespace ordersync::store::maintenance {

// By one row; with the schema at hand.
bool is_history_to_convert(pg::connection& db);

// One batch of orders by id, within about a second.
history_conversion convert_history(pg::connection& db);

}  // namespace ordersync::store::maintenance
