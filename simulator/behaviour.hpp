// How other APIs of this family behave, beyond what the vendor's documentation leaves open. By default none of it, and
// then it must neither cost time nor change a byte. The truth never changes by it: it is what the source really holds.
// Durations are milliseconds; "after" counts from the program's start.
#pragma once

#include "instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pandapon_sim {

/// What is done to the range and the page that a request asks for.
struct range_rules {
  std::optional<std::int64_t> clamp_ms;  // longer ranges are cut to that, and nothing says so
  bool clamp_keeps_end = false;
  std::int64_t zone_ms = vendor_zone_ms;  // the zone that the filter reads times in
  std::int64_t zone_after_ms = 0;         // before that it is the vendor's
  std::optional<std::int64_t> refuse_longer_ms;
  std::optional<std::int64_t> refuse_near_now_ms;  // an end later than that before now
  std::uint64_t max_depth = 0;                     // pageNum * pageSize, 0 for no limit
  int refusal_code = 50099;
  std::string refusal_message = "查询条件不合法";
};

/// Which orders are listed, and how often.
struct listing_rules {
  std::uint64_t cap = 0;  // counts no further and shows nothing behind that, 0 for no limit
  std::optional<std::int64_t> hide_finished_after_ms;  // statuses 5 to 7, unless a status is asked for
  bool look_ups_find_finished = false;
  std::optional<std::int64_t> hide_older_than_ms;
  std::int64_t hide_older_after_ms = 0;
  std::uint32_t twice = 0;  // orders in 10,000 that are listed a second time, in an older state
  bool twice_counted = false;
};

/// What `total` counts.
enum class total_of : std::uint8_t { orders, lines, page };
/// What a page number behind the last page shows.
enum class beyond_last : std::uint8_t { nothing, last_page, first_page /* as does every other number */ };

struct paging_rules {
  total_of total = total_of::orders;
  beyond_last beyond = beyond_last::nothing;
};

/// How a request above the rate limit is refused.
enum class throttle : std::uint8_t { status_429, status_503, code, code_400, qos, qos_400, unknown };

/// What stands in front of the API: rate limit and clock.
struct gate_rules {
  throttle refuse_as = throttle::status_429;
  std::vector<std::int64_t> date_skews_ms;  // of the Date header, one reply after the other
  std::optional<epoch_ms> date_fixed;
  bool no_date = false;
};

struct behaviour {
  range_rules range;
  listing_rules listing;
  paging_rules paging;
  gate_rules gate;
};

}  // namespace pandapon_sim
