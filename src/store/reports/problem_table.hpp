#pragma once
// The statements about problems (table `troubles`). Inside the caller's transaction.

#include "store/pg/connection.hpp"
#include "store/reports/reports.hpp"

#include <vector>

namespace ordersync::store::reports {

// Puts each in the place of what the same process reported of the same before, so that writing them twice changes
// nothing; lets go of all but the latest. `api`: see write_api_states.
void write_problems(pg::connection& db, const std::vector<logged_problem>& list, const std::vector<api_state>& api);
std::vector<logged_problem> read_problems(pg::connection& db);  // the latest first, 50 at most

}  // namespace ordersync::store::reports
