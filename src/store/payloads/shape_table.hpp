#pragma once
// The dictionary in the database. Runs inside the caller's transaction, under the writers' lock.

#include "store/payloads/dictionary.hpp"
#include "store/pg/connection.hpp"

namespace ordersync::store::payloads {

dictionary read_dictionary(pg::connection& db);

// Has it learn from some of these payloads, and stores what it learns.
void extend_dictionary(pg::connection& db, dictionary& known, const std::vector<std::string_view>& payloads);

}  // namespace ordersync::store::payloads
