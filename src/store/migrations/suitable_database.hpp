#pragma once
// Whether the mirror can be made in a database at all, looked at before anything is made.

#include "store/pg/connection.hpp"

namespace ordersync::store::migrations {

// Throws a precondition_failed that says what is wrong and what to do.
void require_suitable_database(pg::connection& db);

}  // namespace ordersync::store::migrations
