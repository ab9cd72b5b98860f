#pragma once
// How many orders of a window have each status, at the API and in the mirror. Pure.
//
// Why equal counts prove that no status moved: no order enters a window that is closed, so where the count of the first
// status is unchanged none left it, so none entered the second, and so on along an order's life. Statuses that orders
// stay in need no count: whatever enters one has left another. What this does not see: one order that goes back while
// another goes forward in the same window, and changes that touch no status.

#include "core/time.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ordersync::sync::recheck {

// An order as the mirror holds it.
struct mirror_order {
  std::int64_t id = 0;
  int status = 0;
  std::string tb_order_id;  // may be empty
  core::instant created_at{};
};

using status_counts = std::map<int, std::int64_t>;  // by status; none: 0

std::int64_t count_of(const status_counts& counts, int status) noexcept;
// a - b, by status; zeros are left out.
status_counts difference_of(const status_counts& a, const status_counts& b);
// How many orders moved at least: each leaves one status or enters one.
std::int64_t least_changes(const status_counts& difference) noexcept;

// The statuses that an order can leave, ascending: of `known` those that are not final, and 1, 2, 3, 4, 8.
std::vector<int> open_statuses(const std::set<int>& known);

}  // namespace ordersync::sync::recheck
