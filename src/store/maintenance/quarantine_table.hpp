#pragma once
// Reading quarantine and schema_drift for people. Inside the caller's transaction.

#include "store/maintenance/maintenance.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ordersync::store::maintenance {

std::vector<quarantined> read_quarantine(pg::connection& db, bool open_only, int limit);
// Throws precondition_failed when there is none.
quarantined read_quarantined(pg::connection& db, std::int64_t id);

// Of what is not resolved, by account.
std::map<std::string, std::int64_t> count_open_quarantine(pg::connection& db);

// Newest first.
std::vector<drift_path> read_drift(pg::connection& db);

}  // namespace ordersync::store::maintenance
