#pragma once
// What is wrong around the tables: with the server, the operating system's collation, other sessions, and the rights of
// the role that asks. Cheap enough for every `status`. Inside the caller's transaction, which reads alone.

#include "store/pg/connection.hpp"
#include "store/reports/reports.hpp"

namespace ordersync::store::reports {

server_state read_server_state(pg::connection& db);

}  // namespace ordersync::store::reports
