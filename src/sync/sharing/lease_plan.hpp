#pragma once
// Which accounts a worker takes, and which it hands over, so that all are worked and the workers hold equally many.
// Every worker computes the same from the same view, so they agree without speaking to each other; where their views
// differ, the database lets one of two take an account. Pure.

#include "sync/sharing/sharing.hpp"
#include "sync/sharing/worker_watch.hpp"

#include <set>
#include <string>
#include <vector>

namespace ordersync::sync::sharing {

struct lease_plan {
  std::vector<lease> take;             // as they were read
  std::vector<std::string> hand_over;  // accounts
};

// What `self` should do. An account goes only to workers whose configuration has it. One without an owner goes to
// whoever holds least. When all have owners, who holds two more than another hands over, until the numbers differ by
// one at most. `leaving`: what self is handing over already.
lease_plan plan_leases(const std::string& self, const view& seen, const worker_watch& watch,
                       const std::set<std::string>& leaving);

}  // namespace ordersync::sync::sharing
