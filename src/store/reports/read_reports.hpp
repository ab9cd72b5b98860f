#pragma once
// The statements behind reports.hpp. Inside a reading transaction, so that one report is one state.

#include "store/pg/connection.hpp"
#include "store/reports/reports.hpp"

#include <string>
#include <vector>

namespace ordersync::store::reports {

status_report read_status(pg::connection& db);
// Throws precondition_failed when nothing is known of the account.
coverage_report read_coverage(pg::connection& db, const std::string& account, const core::window& range);
// Of the account's current scope; see store::database.
std::vector<read_record> read_recent(pg::connection& db, const std::string& account, core::instant since);
std::vector<core::window> read_proven(pg::connection& db, const std::string& account);

}  // namespace ordersync::store::reports
