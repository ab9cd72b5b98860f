#pragma once
// The numbers of versions, of orders and of their details, in the order of commits: what reporting.changes and
// `ordersync changes` follow.
//
// Hazard: they are drawn under the writers' lock (coverage::lock_writers), which is held until the commit. Without it a
// reader could see a greater number before a smaller one, and miss that.

#include "store/pg/connection.hpp"

#include <cstdint>
#include <vector>

namespace ordersync::store::orders {

// Numbers the versions that this transaction has written: the first ones of new orders, and those that superseded what
// is in pg_temp.staged_former, where `superseded`. Notifies the channel ordersync_changes at the commit. Does nothing
// where there are none.
void number_versions(pg::connection& db, const std::vector<std::int64_t>& created, bool superseded);

// Numbers the version of the order's detail that this transaction has written, likewise.
void number_detail(pg::connection& db, std::int64_t order_id);

}  // namespace ordersync::store::orders
