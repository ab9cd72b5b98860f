#pragma once
// One JSON value -> one column. Numbers come as text and text as numbers; both are taken. Pure; any thread.
//
// Every function returns why the value cannot be used, empty when it could; then `out` holds it. Null gives no value
// and no complaint; so does an empty or blank text, or the text "null", where a number, a time or a yes/no is wanted:
// those are the API's ways to say "nothing". The reasons never quote the value.

#include "core/order.hpp"
#include "pandapon/json/json.hpp"

#include <optional>
#include <string_view>

namespace ordersync::pandapon::json {

// Text stays as it is ("", " " and "null" too); a number becomes the text that spells it.
std::string_view read_text(const json_value& value, core::text& out);

// As read_text, and short enough to be the key of a table.
std::string_view read_id(const json_value& value, core::text& out);

// Exactly an int64, also when spelt 1.0 or 1e3.
std::string_view read_integer(const json_value& value, core::integer& out);

// As read_integer, within int32: enumerations.
std::string_view read_small_integer(const json_value& value, core::integer& out);

// As read_small_integer, and 1688's words for the status of an order become the vendor's numbers: "waitbuyersign" is 3.
// Upper and lower case are equal.
std::string_view read_order_status(const json_value& value, core::integer& out);

// A decimal number in its plain spelling (see decimal.hpp).
std::string_view read_decimal(const json_value& value, core::text& out);

// Milliseconds since 1970-01-01 UTC, from year 1 to 9999: outside of that nobody's clock was right.
std::string_view read_time(const json_value& value, std::optional<core::instant>& out);

// Money that is served in yuan, as fen, exactly: 12.5, "12.50" and 1.25e1 are 1250. More than two decimals are no
// money.
std::string_view read_yuan(const json_value& value, core::fen& out);

// A text such as "20170913231916000-0700": to the millisecond, with the offset of its zone, which is east of Greenwich.
// The same years as read_time.
std::string_view read_zoned_time(const json_value& value, std::optional<core::instant>& out);

// true, false, 1, 0, or the text of one of them.
std::string_view read_flag(const json_value& value, std::optional<bool>& out);

}  // namespace ordersync::pandapon::json
