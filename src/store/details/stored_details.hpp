#pragma once
// Details written again from their payloads. Inside the caller's transaction.

#include "store/details/details.hpp"
#include "store/details/write_detail.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <vector>

namespace ordersync::store::details {

std::vector<stored_detail> read_stored(pg::connection& db, const std::vector<std::int64_t>& order_ids);

// See details::rewrite. A list is kept over all tries of its transaction.
std::int64_t rewrite(pg::connection& db, std::vector<detail_write>& list);

}  // namespace ordersync::store::details
