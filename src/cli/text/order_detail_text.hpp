#pragma once
// What `order show` prints of an order's detail for people: milestones, payments, parcels, refunds. Pure; as in
// order_text.hpp, print() makes the lines fit to be read.

#include "app/orders/refresh.hpp"

#include <string>
#include <vector>

namespace ordersync::cli::text {

// Empty where the detail was neither read nor is to be.
std::vector<std::string> order_detail_lines(const store::reports::order_report& order);

}  // namespace ordersync::cli::text
