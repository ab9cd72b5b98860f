#pragma once
// What was erased stays away: takes out of a batch, before it is written, the personal data of orders under a
// tombstone. Their content hash stays that of what the API served, so a re-read of an unchanged order writes nothing.
// Inside the caller's transaction, under the writers' lock.

#include "core/order_detail.hpp"
#include "store/pg/connection.hpp"
#include "sync/ports.hpp"

#include <cstdint>
#include <vector>

namespace ordersync::store::maintenance {

// May be done twice to the same batch.
void redact_erased(pg::connection& db, sync::window_batch& batch);
void redact_erased(pg::connection& db, std::vector<core::order>& orders);
// The same of an order's detail, and of what the API says of its refunds.
void redact_erased(pg::connection& db, std::int64_t order_id, core::order_detail& detail,
                   std::vector<core::refund_info>& refunds);

}  // namespace ordersync::store::maintenance
