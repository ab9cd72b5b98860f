#pragma once
// Whom or what a statement waits for, in words for a log: processes of the server, users and ages; never a query's
// text.

#include "store/pq_connection.hpp"

#include <string>

namespace ordersync::store {

// Who else holds on to tables of ours, the longest first; to be asked right after a lock was not granted. Empty: nobody
// any more.
std::string describe_holders(connection& db);

// What the session of that process waits for now; asked by another session.
std::string describe_wait(connection& db, int process);

}  // namespace ordersync::store
