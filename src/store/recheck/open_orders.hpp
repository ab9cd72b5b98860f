#pragma once
// Open orders: their counts, by the index orders_open_counts alone, and where to cut between them. Inside the caller's
// transaction.

#include "store/pg/connection.hpp"
#include "sync/recheck/status_counts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::recheck {

// See the functions of recheck of the same names.
sync::recheck::status_counts count_open(pg::connection& db, const std::string& account, const core::window& window,
                                        const std::vector<int>& statuses);
std::vector<sync::recheck::mirror_order> read_open(pg::connection& db, const std::string& account,
                                                   const core::window& window, const std::vector<int>& statuses);
std::optional<core::second> find_middle(pg::connection& db, const std::string& account, const core::window& window,
                                        const std::vector<int>& statuses);
core::second find_quiet_second(pg::connection& db, core::second near);

}  // namespace ordersync::store::recheck
