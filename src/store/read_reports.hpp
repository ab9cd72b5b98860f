#pragma once
// The statements behind reports.hpp. Inside a reading transaction, so that one report is one state.

#include "store/pq_connection.hpp"
#include "store/reports.hpp"

#include <string>

namespace ordersync::store {

status_report read_status(connection& db);
// Throws refusal when nothing is known of the account.
coverage_report read_coverage(connection& db, const std::string& account, const core::window& range);

}  // namespace ordersync::store
