#pragma once
// Times in HTTP headers. Pure; any thread.

#include "core/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace ordersync::pandapon::http {

// "Tue, 07 May 2024 01:52:00 GMT", the one form that may be sent today (RFC 9110, IMF-fixdate). The weekday is not
// checked against the date. None for anything else.
std::optional<core::second> parse_http_date(std::string_view text);

// Retry-After: seconds, or a date (then counted from `now`). Between zero and `longest`; none when it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, core::second now,
                                                           std::chrono::milliseconds longest);

}  // namespace ordersync::pandapon::http
