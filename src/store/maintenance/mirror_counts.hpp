#pragma once
// What the mirror holds in a window, for a comparison with the API. Inside the caller's transaction.

#include "store/maintenance/maintenance.hpp"
#include "store/pg/connection.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::store::maintenance {

mirror_counts count_orders(pg::connection& db, const std::string& account, const core::window& window);
std::vector<held_order> read_held(pg::connection& db, const core::window& window, std::chrono::seconds around);
std::vector<held_order> read_held(pg::connection& db, const std::vector<std::int64_t>& ids);

}  // namespace ordersync::store::maintenance
