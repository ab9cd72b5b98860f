#pragma once
// What is wrong around the tables: with the server, the operating system's collation, other sessions, and the rights of
// the role that asks. Cheap enough for every `status`. Inside the caller's transaction, which reads alone.

#include "store/pq_connection.hpp"
#include "store/reports.hpp"

namespace ordersync::store {

server_state read_server_state(connection& db);

}  // namespace ordersync::store
