#pragma once
// Finds orders by number and reads all that is stored of them. Inside the caller's transaction; reads alone.

#include "store/pg/connection.hpp"
#include "store/reports/order_report.hpp"

#include <string>
#include <vector>

namespace ordersync::store::reports {

// Longer texts are numbers of no order, and are not looked for.
inline constexpr std::size_t longest_number = 500;

// The orders that have `number` as their id, PandaPon's number or 1688's: by id, 20 at most. None for a text that no
// order can have as a number: too long, not UTF-8, with a NUL. `personal`: the addresses too.
std::vector<order_report> read_orders(pg::connection& db, const std::string& number, bool personal);

}  // namespace ordersync::store::reports
