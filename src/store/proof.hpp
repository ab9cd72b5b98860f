#pragma once
// Proof in the database: what is proven for which account and scope. Runs inside the caller's transaction.

#include "store/account_scope.hpp"
#include "store/pq_connection.hpp"
#include "store/refusal.hpp"

#include <string>
#include <vector>

namespace ordersync::store {

// One writer at a time, over all processes on the database, until the transaction ends: what a writer compares with is
// what it overwrites.
void lock_writers(connection& db);

// Makes `account` the current one, under lock_writers. Gives the scope that was set aside, or "" when none was.
std::string open_scope(connection& db, const account_scope& account);

// Throws refusal when the account's current scope is another.
void require_scope(connection& db, const std::string& account, const std::string& scope);

// Writes only when `proven` is not proven yet. A contradiction of which all is proven again is resolved.
void extend_proof(connection& db, const std::string& account, const core::window& proven);

// The parts of range that are not proven / are proven, ascending; nothing is proven for an unknown account.
std::vector<core::window> unproven_parts(connection& db, const std::string& account, const core::window& range);
std::vector<core::window> proven_parts(connection& db, const std::string& account, const core::window& range);

}  // namespace ordersync::store
