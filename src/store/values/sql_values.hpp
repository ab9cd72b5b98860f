#pragma once
// Times and windows on their way into statements and out of results. Reading expects the columns that the SQL below
// makes.

#include "core/order.hpp"
#include "core/time.hpp"
#include "store/pg/connection.hpp"

#include <string>
#include <vector>

namespace ordersync::store::values {

// "[2024-05-07T01:52:00Z,2024-05-07T02:00:00Z)": a tstzrange as a parameter. The ends of whole_time_line are no bounds.
std::string range_literal(const core::window& w);

// Milliseconds since 1970 out of a timestamptz, for `rows::integer`: epoch_ms("finished_at").
std::string epoch_ms(const std::string& expression);
core::instant read_instant(const pg::rows& r, int row, int column);
std::optional<core::instant> read_optional_instant(const pg::rows& r, int row, int column);

// Two columns, the bounds of a tstzrange as whole seconds since 1970: range_bounds("range").
std::string range_bounds(const std::string& expression);
core::window read_window(const pg::rows& r, int row, int first_column);
// Every row of a result that has nothing but range_bounds.
std::vector<core::window> read_windows(const pg::rows& r);

// nullopt where the column is NULL.
core::text read_text(const pg::rows& r, int row, int column);
core::integer read_number(const pg::rows& r, int row, int column);

// Of a bytea column.
core::sha256 read_sha256(const pg::rows& r, int row, int column);

}  // namespace ordersync::store::values
