#pragma once
// Compares the program's migrations with those of a database, and applies them. Inside the caller's transaction.

#include "store/migrations/migrator.hpp"
#include "store/pg/connection.hpp"

#include <optional>
#include <vector>

namespace ordersync::store::migrations {

// Every step of `known` beside what the database has of it. Throws precondition_failed when an applied step has another
// text now, or the database has steps that are not known: it is newer than the program.
std::vector<migration_state> compare_migrations(pg::connection& db, const std::vector<migration>& known);

// Waits, to the end of the transaction, for whoever migrates.
void lock_migrations(pg::connection& db);

// Under that lock: applies the first pending step, if any. Throws precondition_failed before anything is changed
// when a schema of ours belongs to somebody else. A lock that is not granted within 2 s is sql_error 55P03, which names
// the holders; nobody waits longer behind it.
std::optional<migration_state> apply_next_migration(pg::connection& db, const std::vector<migration>& known);

// Throws precondition_failed with advice when a step is pending.
void require_current_migrations(pg::connection& db, const std::vector<migration>& known);

}  // namespace ordersync::store::migrations
