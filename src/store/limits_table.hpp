#pragma once
// The statements about api_limits. Inside the caller's transaction.

#include "store/pq_connection.hpp"
#include "store/trials.hpp"

#include <string>
#include <vector>

namespace ordersync::store {

std::vector<api_limit> read_limits(connection& db, const std::string& account);  // by name
// See trials::set_limit.
void write_limit(connection& db, const std::string& account, const api_limit& limit);
void drop_limit(connection& db, const std::string& account, const std::string& name);

}  // namespace ordersync::store
