#pragma once
// `order show` and `order refresh`.

#include "app/commands/session.hpp"
#include "app/orders/absence.hpp"
#include "app/orders/refreshing.hpp"
#include "store/reports/order_report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::commands {

struct order_lookup {
  std::vector<store::reports::order_report> orders;  // that have the number, by id
  std::optional<orders::absence> absent;             // when there are none
};

// Reads the database alone. `personal`: with the addresses.
core::result<order_lookup> show_order(session& in, std::string number, bool personal);

// `listener` is called for each number that is done; see orders/refresh.hpp.
core::result<void> refresh_orders(session& in, std::vector<std::string> numbers,
                                  const orders::refresh_listener& listener);

}  // namespace ordersync::app::commands
