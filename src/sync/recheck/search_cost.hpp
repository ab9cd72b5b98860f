#pragma once
// Whether the lists of a window are read whole or the window is halved first, so that what changed is found with the
// fewest requests. Computed from counts alone. Pure.

#include <cstdint>

namespace ordersync::sync::recheck {

struct search_size {
  std::int64_t pages = 0;    // of the lists that would be read
  std::int64_t changes = 1;  // that are to be found, at least
  int statuses = 1;          // whose counts differ: what counting one half costs
};

// The requests that the cheapest way is expected to take, the changes lying evenly.
double expected_requests(const search_size& size);
bool halving_pays(const search_size& size);

}  // namespace ordersync::sync::recheck
