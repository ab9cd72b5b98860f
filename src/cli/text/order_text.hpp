#pragma once
// What `order show` and `order refresh` print for people. Pure. The lines hold texts as the API sent them and moments
// in UTC: print() makes both fit to be read.

#include "app/orders/absence.hpp"
#include "app/orders/refresh.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ordersync::cli::text {

std::vector<std::string> order_lines(const store::reports::order_report& order);
std::vector<std::string> absence_lines(std::string_view number, const app::orders::absence& of);
std::vector<std::string> refreshed_lines(const app::orders::refreshed& of);

// "12.50", "-0.05"; "unknown" without a value.
std::string yuan(const core::fen& fen);
// Cut to what a line can hold; "..." says so.
std::string cut(std::string_view text);

}  // namespace ordersync::cli::text
