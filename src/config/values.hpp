#pragma once
// The spellings a person types for a length of time, a size, a UTC offset or a point in time, in the configuration and
// on the command line alike. Pure; every function takes the whole text or nothing: no blanks around, no second unit
// behind.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ordersync::config {

// What to write instead, for messages: "'tomorrow' is not a time: " + time_hint.
inline constexpr std::string_view duration_hint = "write a whole number and a unit, as in 500ms, 10s, 5m, 2h or 3d";
inline constexpr std::string_view size_hint = "write a whole number and a unit: B, KiB, MiB or GiB, as in 64MiB";
inline constexpr std::string_view utc_offset_hint = "write a sign, hours and minutes, as in \"+08:00\"";
inline constexpr std::string_view time_hint =
    "write a valid date, as in 2024-05-07, or a time in whole seconds, as in 2024-05-07T09:52:00+08:00";

// "500ms", "10s", "5m", "2h", "3d". Nothing when malformed, negative or longer than about 290 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// "512B", "64KiB", "64MiB", "1GiB"; bytes. Nothing when malformed, negative or beyond int64.
std::optional<std::int64_t> parse_size(std::string_view text);

// "+08:00", "-03:30", "Z": seconds east of Greenwich, within the +-14 hours that are in use.
std::optional<std::chrono::seconds> parse_utc_offset(std::string_view text);

inline constexpr std::string_view moment_hint =
    "write a valid date, as in 2024-05-07, a month, as in 2024-05, a time in whole seconds, as in "
    "2024-05-07T09:52:00+08:00, an age, as in 7d or 12h, or today, yesterday or now";

// "2024-05-07" is that day's first second in `zone` (seconds east of Greenwich), "2024-05-07T09:52:00" that second in
// `zone`; with an offset behind ("+08:00" or "Z") `zone` does not matter. Years 1970 to 9999.
std::optional<std::chrono::sys_seconds> parse_time_point(std::string_view text, std::chrono::seconds zone);

// The same, and what only a person at `now` may mean: "2024-05", the first second of that month in `zone`; "today" and
// "yesterday", of that day; "now"; "7d" or "12h", so long ago.
std::optional<std::chrono::sys_seconds> parse_moment(std::string_view text, std::chrono::seconds zone,
                                                     std::chrono::sys_seconds now);

}  // namespace ordersync::config
