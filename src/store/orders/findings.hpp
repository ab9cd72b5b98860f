#pragma once
// What a read found besides orders: values and whole orders that cannot be stored as they came (quarantine), and fields
// that the mirror does not know (schema_drift). Runs inside the caller's transaction, under the writers' lock.

#include "store/orders/staging.hpp"
#include "store/pg/connection.hpp"
#include "sync/ports.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::store::orders {

// Rows that are new in quarantine, and how many of them have a kind that somebody has accepted.
struct new_values {
  std::int64_t count = 0;
  std::int64_t accepted = 0;
};

// Brings quarantine in line with orders that are being written: what is bad in them is kept once, what is bad no more
// is resolved.
new_values quarantine_values(pg::connection& db, const orders_to_write& written, const std::string& account);

// Keeps orders without a usable id. The same one read again makes no new row; it narrows down where it must lie.
new_values quarantine_orders(pg::connection& db, const sync::window_batch& batch);

// A proven window holds no unusable order: those that could only lie within it are resolved as of `seen_at`.
void resolve_proven(pg::connection& db, const std::string& account, const core::window& proven, core::instant seen_at);

// How many paths were never seen before.
std::int64_t count_drift(pg::connection& db, const orders_to_write& written);
// The paths of these orders as schema_drift has them, each once.
std::vector<std::string> drift_paths(const std::vector<core::order>& orders);
// Takes away what is not in `replay`s list of paths and was not seen since it began: all payloads were read, and the
// program knows it now.
void forget_drift(pg::connection& db, std::int64_t replay);

}  // namespace ordersync::store::orders
