#pragma once
// The statements about how daemons share accounts and rate: workers, leases, slices. What they mean is in sync/sharing.
//
// None of them waits for a lock: whoever looks also keeps the lead, and must not be held up by a process that froze
// within a transaction.

#include "store/leadership/leader.hpp"
#include "store/pg/connection.hpp"
#include "sync/sharing/rate_slices.hpp"
#include "sync/sharing/sharing.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::leadership {

// How a transaction that writes for an account is fenced: throws precondition_failed unless the lease is in this epoch
// and this instance's. Until the transaction ends, the next owner waits.
void require_lease(pg::connection& db, const std::string& account, std::int64_t epoch, const std::string& instance_id);

// Throws precondition_failed unless this instance leads or owns an account.
void require_part(pg::connection& db, const std::string& instance_id);

// Writes the worker's row, and a lease for each account that has none. `key_groups` by account.
void write_worker(pg::connection& db, const instance& self, const std::map<std::string, std::string>& key_groups);

// One statement. `begun` and `ended` are the caller's to set.
sync::sharing::view read_sharing(pg::connection& db);

// Of all accounts, by name. An owner that was silent for less than `patience` counts.
std::vector<account_owner> read_owners(pg::connection& db, std::chrono::seconds patience);

// In the caller's transaction: those of the leases that still have the epoch they were read with, and that no
// transaction of their owner holds, with their new epochs.
std::vector<sync::sharing::lease> take_leases(pg::connection& db, const std::string& instance_id,
                                              const std::vector<sync::sharing::lease>& list);

// In the caller's transaction, with a word to the other daemons.
void release_leases(pg::connection& db, const std::string& instance_id, const std::vector<sync::sharing::lease>& list);
// The worker takes no more accounts and uses no rate, so that others do not wait for it to take what it gives back.
void leave_workers(pg::connection& db, const std::string& instance_id);
// All that is the worker's, and its row.
void remove_worker(pg::connection& db, const std::string& instance_id);

// In the caller's transaction. None: another transaction writes slices of this access key at the moment.
std::optional<sync::sharing::slice> write_slice(pg::connection& db, const std::string& instance_id,
                                                const sync::sharing::slice_wish& wish);

}  // namespace ordersync::store::leadership
