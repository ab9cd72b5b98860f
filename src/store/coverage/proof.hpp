#pragma once
// Proof in the database: what is proven for which account and scope. Runs inside the caller's transaction.

#include "core/time.hpp"
#include "store/coverage/account_scope.hpp"
#include "store/pg/connection.hpp"
#include "store/pg/precondition_failed.hpp"

#include <string>
#include <vector>

namespace ordersync::store::coverage {

// One writer at a time, over all processes on the database, until the transaction ends: what a writer compares with is
// what it overwrites.
void lock_writers(pg::connection& db);

// Makes `account` the current one, under lock_writers. Gives the scope that was set aside, or "" when none was.
std::string open_scope(pg::connection& db, const account_scope& account);

// Throws precondition_failed when the account's current scope is another.
void require_scope(pg::connection& db, const std::string& account, const std::string& scope);

// Writes only when `proven` is not proven yet. A contradiction of which all is proven again is resolved.
void extend_proof(pg::connection& db, const std::string& account, const core::window& proven);

// The parts of range that are not proven / are proven, ascending; nothing is proven for an unknown account.
std::vector<core::window> unproven_parts(pg::connection& db, const std::string& account, const core::window& range);
std::vector<core::window> proven_parts(pg::connection& db, const std::string& account, const core::window& range);

}  // namespace ordersync::store::coverage
