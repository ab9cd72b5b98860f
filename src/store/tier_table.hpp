#pragma once
// The statements about revisit_tiers. Inside the caller's transaction.

#include "store/pq_connection.hpp"
#include "store/reports.hpp"

#include <string>
#include <vector>

namespace ordersync::store {

void write_tiers(connection& db, const std::string& account, const std::vector<tier_report>& tiers);
std::vector<tier_report> read_tiers(connection& db);  // by account, youngest first

}  // namespace ordersync::store
