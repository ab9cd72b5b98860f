#pragma once
// What the mirror holds of order details, held against what the simulator says they are, value by value.

#include "e2e/stage.hpp"

#include <string>

namespace ordersync::e2e {

// Orders that the API does not know by their number in the list are left out. Empty when details, payments, parcels,
// refunds and quarantine of each order that has a number at 1688 equal the truth; else up to three orders that differ,
// with both sides. The simulator stands still.
std::string differences_of_details(stage& on);
// The same where the orders are distributed.
std::string differences_of_distributed_details(stage& on);

// Of the orders whose detail was read, those whose milestones, which states promise, are not the truth's: paid,
// shipped, received, ended.
std::string differences_of_milestones(stage& on);

}  // namespace ordersync::e2e
