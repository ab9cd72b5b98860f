#pragma once
// Keeps sweeps small: what later reads have proven and shown again becomes a count in reads_by_day. Inside the caller's
// transaction. Who needs to know of reads that are not there any more asks reads_by_day.last_finished_at, and takes
// them to have seen everything.

#include "store/maintenance/maintenance.hpp"
#include "store/pg/connection.hpp"

namespace ordersync::store::maintenance {

prune_step prune_reads(pg::connection& db, const prune_rules& rules, prune_position from);

}  // namespace ordersync::store::maintenance
