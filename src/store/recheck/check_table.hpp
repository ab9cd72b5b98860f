#pragma once
// The table count_checks. Inside the caller's transaction.

#include "store/pg/connection.hpp"
#include "store/recheck/recheck.hpp"

#include <string>
#include <vector>

namespace ordersync::store::recheck {

void write_check(pg::connection& db, const check_report& report);
// By account.
std::vector<check_report> read_checks(pg::connection& db);

}  // namespace ordersync::store::recheck
