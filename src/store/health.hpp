#pragma once
// What `doctor` wants to know of the database. Inside the caller's transaction, which reads alone.

#include "store/pq_connection.hpp"
#include "store/reports.hpp"

namespace ordersync::store {

health_report read_health(connection& db);

// The latest orders of the accounts beside the live reads of their seconds; needs the current schema.
listing_report read_listing(connection& db);

// Puts a megabyte into a table that the end of the transaction drops, so that a full disk is found.
void try_room(connection& db);
// Leaves a word in the write-ahead log and nothing else, so that its commit waits for the disk like any other.
void leave_no_trace(connection& db);

}  // namespace ordersync::store
