#pragma once
// Decimal numbers as text, never through a double. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace ordersync::pandapon::text {

// More digits than any quantity, price or id has; fewer than PostgreSQL's numeric (131,072) takes.
constexpr std::size_t most_digits = 100;

// The one plain spelling of a JSON number: no exponent, no needless zeros ("1.50e1" is "15", "-0.0" is "0"). None where
// the text is no JSON number ("+1", "007", "1,5", " 1", "inf") or would take more than `most_digits` digits.
std::optional<std::string> plain_decimal(std::string_view number);

}  // namespace ordersync::pandapon::text
