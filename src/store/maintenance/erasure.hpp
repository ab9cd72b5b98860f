#pragma once
// The statements that erase personal data, and leave tombstones so that it does not come back (see redaction.hpp).
// Inside the caller's transaction; they take the writers' lock, but not while they look for what is to go: that may
// take long, and reads must go on being stored.

#include "store/maintenance/maintenance.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <string>

namespace ordersync::store::maintenance {

erased_order erase_order(pg::connection& db, std::int64_t id);
// The tombstone of a number, to be committed first: from then on nothing is stored that the search for it would miss.
// Throws precondition_failed for what is no number.
void write_mobile_tombstone(pg::connection& db, const std::string& mobile);
// What has a number with a tombstone.
erasure erase_mobile(pg::connection& db, const std::string& mobile);

// Orders of one batch; bounds how long a transaction holds the writers' lock.
constexpr int retention_batch = 1'000;
retention_step retain(pg::connection& db, const retention_rules& rules, std::int64_t after);
// What they would take away.
erased_order estimate_order(pg::connection& db, std::int64_t id);
erasure estimate_mobile(pg::connection& db, const std::string& mobile);
erasure estimate_retention(pg::connection& db, const retention_rules& rules);

}  // namespace ordersync::store::maintenance
