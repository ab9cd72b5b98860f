#pragma once
// Whether an API's counts by status can be relied on: over all statuses they make up the count of all orders, and each
// list shows orders of its own status, but for a few where lists lag behind. Pure: decides about the counts that the
// caller has asked for.

#include <cstdint>
#include <string>

namespace ordersync::sync::recheck {

// Of one window. Orders move on while one counts: counted from the first status to the last, one that moves may be
// counted twice; from the last to the first, not at all. So the two sums enclose the truth.
struct counted_lists {
  std::int64_t least = 0;  // the smaller and the greater of two counts of all orders, before and after
  std::int64_t most = 0;
  std::int64_t first_to_last = 0;
  std::int64_t last_to_first = 0;
  std::int64_t listed = 0;     // orders on the lists' pages
  std::int64_t misplaced = 0;  // of them, those that have another status
};

// Why the counts cannot be relied on; empty: nothing is against it.
std::string contradiction_of(const counted_lists& counted);

}  // namespace ordersync::sync::recheck
