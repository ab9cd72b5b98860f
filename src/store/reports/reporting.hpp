#pragma once
// What schema reporting needs besides its migrations: the roles that may read it with their rights, and what its views
// have to know of the configuration. Inside the caller's transaction, with the schema current.

#include "store/pg/connection.hpp"
#include "store/reports/reporting_settings.hpp"

#include <string>
#include <vector>

namespace ordersync::store::reports {

// Makes ordersync_reader and ordersync_pii_reader where the session's role may, gives those that exist their rights,
// and takes everything from PUBLIC. Safe to run again. Returns the roles that an administrator has to make.
std::vector<std::string> grant_reading(pg::connection& db);

// Writes nothing when the database knows it already. Another zone makes the index on the calendar day anew, which
// takes some seconds per million orders and keeps writers from the orders meanwhile; then it waits for whoever reads
// them, 2 s at a time with pauses of 1 s. sql_error 55P03 names who it was that did not end.
void set_reporting(pg::connection& db, const reporting_settings& settings);

}  // namespace ordersync::store::reports
