#pragma once
// Numbers of served JSON that a double cannot hold, so that no digit of them is lost. Pure.

#include <string>
#include <string_view>

namespace ordersync::store::details {

// The same JSON text; numbers of more digits than a double holds exactly, or far beyond its usual range, are texts with
// what was served. Those that PostgreSQL's numeric does not take are null: the detail's notes have them (see
// core::fits_a_database).
std::string with_exact_numbers(std::string_view json);

}  // namespace ordersync::store::details
