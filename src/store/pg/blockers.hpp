#pragma once
// Whom or what a statement waits for, in words for a log: processes of the server, users and ages; never a query's
// text.

#include "store/pg/connection.hpp"

#include <string>

namespace ordersync::store::pg {

// A statement, in a transaction: however long a step takes, a lock is waited for 2 s at most, for whoever wants to read
// waits behind us. Then it is sql_error 55P03.
extern const char* const short_lock_waits;

// Who else holds on to tables of ours, the longest first; to be asked right after a lock was not granted. Empty: nobody
// any more.
std::string describe_holders(connection& db);

// What the session of that process waits for now; asked by another session.
std::string describe_wait(connection& db, int process);

}  // namespace ordersync::store::pg
