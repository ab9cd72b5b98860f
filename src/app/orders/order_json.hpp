#pragma once
// Orders, what an order may be absent for, and refreshes, as JSON: for `--json` and the status page. Ids and numbers of
// orders are text, amounts fen. Pure.

#include "app/orders/absence.hpp"
#include "app/orders/refresh.hpp"
#include "store/reports/order_report.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace ordersync::app::orders {

boost::json::object json_of(const store::reports::order_report& order);
boost::json::object json_of(const absence& of);
boost::json::object json_of(const refreshed& of);

// {"number", "orders": [...], "absent": null, or why there are none}.
boost::json::object lookup_json(std::string_view number, const std::vector<store::reports::order_report>& orders,
                                const std::optional<absence>& absent);

}  // namespace ordersync::app::orders
