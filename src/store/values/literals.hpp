#pragma once
// PostgreSQL's literals of arrays and bytes, as a statement's parameter takes them. Pure.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ordersync::store::values {

// Of a one-dimensional array: {"a","b\"c"}.
std::string array_literal(const std::vector<std::string>& values);
std::string array_literal(const std::vector<std::int64_t>& values);

// "\x00ff..": how PostgreSQL prints bytea, and takes it.
std::string bytea_literal(std::span<const unsigned char> bytes);

}  // namespace ordersync::store::values
