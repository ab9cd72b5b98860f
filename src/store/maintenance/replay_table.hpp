#pragma once
// Rows made again from stored payloads. Inside the caller's transaction.

#include "store/maintenance/maintenance.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::maintenance {

std::vector<stored_payload> read_payloads(pg::connection& db, const std::vector<std::int64_t>& order_ids);

// Takes the writers' lock. See maintenance::rewrite.
rewrite_counts rewrite(pg::connection& db, const std::vector<core::order>& orders);

// Payloads of one batch; bounds memory, and how long a transaction holds the writers' lock.
constexpr int replay_size = 1'000;

replay_state begin_replay(pg::connection& db, std::optional<core::second> from, std::optional<core::second> to,
                          const std::string& program);
std::vector<stored_payload> read_replay_batch(pg::connection& db, const replay_state& replay);
// Does nothing when the position was written by an earlier try.
replay_state advance_replay(pg::connection& db, const replay_state& replay, const replay_piece& piece);

}  // namespace ordersync::store::maintenance
