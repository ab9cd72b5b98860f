#pragma once
// The statements about how the API answers each account (table `api_states`). Inside the caller's transaction.

#include "store/pg/connection.hpp"
#include "store/reports/reports.hpp"

#include <vector>

namespace ordersync::store::reports {

// Each takes the place of what was there of its account, unless another process owns the account by now.
void write_api_states(pg::connection& db, const std::vector<api_state>& list);
std::vector<api_state> read_api_states(pg::connection& db);  // by account

}  // namespace ordersync::store::reports
