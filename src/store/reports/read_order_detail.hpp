#pragma once
// What the mirror holds of an order's detail. Called on the database thread; throws what pg::connection throws.

#include "store/pg/connection.hpp"
#include "store/reports/order_report.hpp"

#include <optional>
#include <string>

namespace ordersync::store::reports {

// `id` is the order's, in decimal.
std::optional<order_detail> read_order_detail(pg::connection& db, const std::string& id);
std::optional<awaited_detail> read_awaited_detail(pg::connection& db, const std::string& id);

}  // namespace ordersync::store::reports
