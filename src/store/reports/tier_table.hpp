#pragma once
// The statements about revisit_tiers. Inside the caller's transaction.

#include "store/pg/connection.hpp"
#include "store/reports/reports.hpp"

#include <string>
#include <vector>

namespace ordersync::store::reports {

void write_tiers(pg::connection& db, const std::string& account, const std::vector<tier_report>& tiers);
std::vector<tier_report> read_tiers(pg::connection& db);  // by account, youngest first

}  // namespace ordersync::store::reports
