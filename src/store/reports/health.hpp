#pragma once
// What `doctor` wants to know of the database. Inside the caller's transaction, which reads alone.

#include "store/pg/connection.hpp"
#include "store/reports/reports.hpp"

namespace ordersync::store::reports {

health_report read_health(pg::connection& db);

// The latest orders of the accounts beside the live reads of their seconds; needs the current schema.
listing_report read_listing(pg::connection& db);

// Puts a megabyte into a table that the end of the transaction drops, so that a full disk is found.
void try_room(pg::connection& db);
// Leaves a word in the write-ahead log and nothing else, so that its commit waits for the disk like any other.
void leave_no_trace(pg::connection& db);

}  // namespace ordersync::store::reports
