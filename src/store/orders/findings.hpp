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

// What an order's detail, or the API's answer about one of its refunds, shows besides.
struct detail_findings {
  std::int64_t order_id = 0;
  core::instant observed_at{};
  std::vector<core::quarantine_note> notes;
  std::vector<std::string> unknown_paths;
  bool complete = true;  // false: a refund was not read; what is in quarantine of refunds stays open
};
// Likewise for a detail. Its paths begin with "detail." here; they and those of the order itself let each other be.
new_values quarantine_detail(pg::connection& db, const detail_findings& found, const std::string& account);
// `seen`: read from the API just now; otherwise from a payload that was counted when it was read, so that only paths
// that were not there are added.
enum class seen { now, before };
void count_drift(pg::connection& db, const detail_findings& found, seen when = seen::now);

// How many paths were never seen before.
std::int64_t count_drift(pg::connection& db, const orders_to_write& written, seen when = seen::now);
// The paths of these orders as schema_drift has them, each once.
std::vector<std::string> drift_paths(const std::vector<core::order>& orders,
                                     const std::vector<std::string>& of_details);
// Takes away what is not in `replay`s list of paths and was not seen since it began: all payloads were read, and the
// program knows it now.
void forget_drift(pg::connection& db, std::int64_t replay);

}  // namespace ordersync::store::orders
