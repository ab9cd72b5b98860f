#pragma once
// The statements about api_limits. Inside the caller's transaction.

#include "store/coverage/trials.hpp"
#include "store/pg/connection.hpp"

#include <string>
#include <vector>

namespace ordersync::store::coverage {

std::vector<api_limit> read_limits(pg::connection& db, const std::string& account);  // by name
// See trials::set_limit.
void write_limit(pg::connection& db, const std::string& account, const api_limit& limit);
void drop_limit(pg::connection& db, const std::string& account, const std::string& name);

}  // namespace ordersync::store::coverage
