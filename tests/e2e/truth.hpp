#pragma once
// The mirror held against what the simulator says a perfect mirror holds, value by value.

#include "e2e/stage.hpp"

#include <string>
#include <vector>

namespace ordersync::e2e {

// Empty when the mirror equals the truth; else up to three orders that differ, with both sides. Orders that the truth
// does not know are differences too, and counts in order_counts that are not those of the orders.
std::string differences_from_truth(stage& on);
// The same where the orders are distributed: the comparison joins what Citus does not, so it gets copies.
std::string differences_of_distributed(stage& on);
// The script, with these tables of schema ordersync copied before it and asked instead.
std::string of_copies(const std::vector<std::string>& tables, std::string sql);

// Everything that is written to an order's tables moves one of these: a row version has its own xmin and ctid.
inline constexpr const char* row_versions = R"sql(
select md5(string_agg(v, ',' order by v)) from (
  select 'o' || id || xmin || ctid::text v from ordersync.orders
  union all select 'i' || order_id || id || xmin || ctid::text from ordersync.order_items
  union all select 'c' || order_id || position || xmin || ctid::text from ordersync.order_cargo
  union all select 'r' || order_id || xmin || ctid::text from ordersync.order_receivers
  union all select 'w' || order_id || xmin || ctid::text from ordersync.order_warehouse_addresses
  union all select 'p' || order_id || xmin || ctid::text from ordersync.stored_payloads
  union all select 'h' || order_id || version || xmin || ctid::text from ordersync.order_history
  union all select 'q' || id || xmin || ctid::text from ordersync.quarantine
  union all select 's' || path || xmin || ctid::text from ordersync.schema_drift) t)sql";

}  // namespace ordersync::e2e
