// Points in time as epoch milliseconds, and the ways they are written: on the command line, in the request and in push
// messages, in the truth and in the Date header. Pure; the vendor's zone is taken to be +08:00 without daylight saving.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pandapon_sim {

using epoch_ms = std::int64_t;

/// A point in time, and how long the program has run by then.
struct moment {
  epoch_ms now = 0;
  std::int64_t running_ms = 0;
};

inline constexpr epoch_ms vendor_zone_ms = 8L * 3600 * 1000;

/// `2024-05-07` (midnight of +08:00), `2024-05-07T09:52:00` (+08:00), or with `Z` or an offset such as `+08:00`.
std::optional<epoch_ms> parse_argument_time(std::string_view text);
/// `yyyy-MM-dd HH:mm:ss` in +08:00; a one-digit hour passes, because the vendor's reference page shows one.
std::optional<epoch_ms> parse_request_time(std::string_view text);
/// `+09:00` or `-05:30`, in milliseconds.
std::optional<std::int64_t> parse_zone_ms(std::string_view text);
/// `50ms`, `2s`, `1m`, `3h`, `7d` or a bare 0, in milliseconds.
std::optional<std::int64_t> parse_duration_ms(std::string_view text);

/// Appends `2024-05-07T01:52:00.000Z`.
void append_iso_utc(std::string& out, epoch_ms time);
/// Appends `2024-05-07 09:52:00`, in +08:00.
void append_vendor_time(std::string& out, epoch_ms time);
/// Appends `20240507095200000+0800`, in a zone of whole hours.
void append_compact_time(std::string& out, epoch_ms time, std::int64_t zone_ms);
/// The form of HTTP's Date header.
std::string http_date(epoch_ms time);

}  // namespace pandapon_sim
