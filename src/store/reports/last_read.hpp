#pragma once
// Which read showed an order last. Inside the caller's transaction.

#include "store/pg/connection.hpp"
#include "store/reports/order_report.hpp"

#include <optional>

namespace ordersync::store::reports {

// Of the account's reads whose range holds the order's creation, those by the numbers of other orders left out. Takes
// a bounded time however many reads there are: it looks through the account's latest ones, and where none of them is
// of the order, through those whose range ends soonest after its creation. None when neither finds one.
std::optional<order_read> read_last_read(pg::connection& db, const order_report& of);

}  // namespace ordersync::store::reports
