#pragma once
// Reading quarantine and schema_drift for people. Inside the caller's transaction.

#include "store/maintenance/quarantine.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::maintenance {

// Where quarantine is q.
std::string condition_of(quarantine_part part);
// Three columns: why, by whom, and when as values::epoch_ms has it.
std::optional<acceptance> read_acceptance(const pg::rows& r, int row, int first_column);

// Newest first, `limit` at most.
std::vector<quarantined> read_quarantine(pg::connection& db, const quarantine_choice& of, int limit);
// Throws precondition_failed when there is none.
quarantined read_quarantined(pg::connection& db, std::int64_t id);

// Newest first.
std::vector<drift_path> read_drift(pg::connection& db);

}  // namespace ordersync::store::maintenance
