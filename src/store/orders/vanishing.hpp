#pragma once
// Orders that the API stopped showing. Runs inside the caller's transaction, under the writers' lock.

#include "core/time.hpp"
#include "store/pg/connection.hpp"
#include "sync/ports.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::store::orders {

// The account's stored orders that lie in `proven` and are not in the batch; see sync::missing_order. None when the
// batch does not hold all that its read saw. Orders without a number to look up are left out.
std::vector<sync::missing_order> find_missing(pg::connection& db, const sync::window_batch& batch,
                                              const core::window& proven);

// Marks those that are the account's and were not seen since `at` by any account, when the API said that they are gone:
// a new state each. How many.
std::int64_t mark_vanished(pg::connection& db, const std::string& account, const std::vector<std::int64_t>& ids,
                           core::instant at);

}  // namespace ordersync::store::orders
