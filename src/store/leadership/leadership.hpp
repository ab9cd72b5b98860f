#pragma once
// The statements about who leads: the lock, the epoch, the heartbeat, and what is done about a leader that is silent.

#include "store/leadership/leader.hpp"
#include "store/pg/connection.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ordersync::store::leadership {

// What an instance's sessions are called, as far as PostgreSQL shows it (63 bytes).
std::string session_name(const std::string& instance_id);
// The other way; of a session that is no daemon's its name.
std::string instance_of(const std::string& session);

// First thing in a transaction: throws precondition_failed unless `epoch` is the current one and this instance's. Until
// the transaction ends the next epoch waits.
void require_epoch(pg::connection& db, std::int64_t epoch, const std::string& instance_id);

// The row of the last leader; none without a row or without the schema.
std::optional<leader_info> read_leader(pg::connection& db);

// How often the leader shows itself here, at the least: at once where we see when its session asked last.
std::chrono::seconds read_heartbeat_pace(pg::connection& db);

core::instant read_clock(pg::connection& db);

// Tries for the lock of this session, which holds it until it ends.
bool take_leaders_lock(pg::connection& db);

// Whoever holds that lock in another session.
struct lock_holder {
  std::string session;            // its application_name
  std::string beat;               // changes with each sign of life
  std::chrono::milliseconds age;  // of the last sign, by the database's clock; may be negative when that was set back
};
std::optional<lock_holder> read_lock_holder(pg::connection& db);

// Ends the other sessions of this database that bear the name, and whichever other session holds the lock if `holder`.
// Never one named `own`. How many.
int end_sessions(pg::connection& db, const std::string& session, bool holder, const std::string& own);

// The next epoch, in the caller's transaction. None when a transaction of the former one did not end within
// lock_timeout: the caller's is to be rolled back then.
std::optional<std::int64_t> begin_epoch(pg::connection& db, const instance& self);

// None: the epoch is not ours any more.
std::optional<leader_info> beat(pg::connection& db, std::int64_t epoch, const std::string& instance_id);

}  // namespace ordersync::store::leadership
