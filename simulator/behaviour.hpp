// How other APIs of this family behave, beyond what the vendor's documentation leaves open. By default none of it, and
// then it must neither cost time nor change a byte. The truth never changes by it: it is what the source really holds.
// Durations are milliseconds; "after" counts from the program's start.
#pragma once

#include "detail/rules.hpp"
#include "instant.hpp"

#include <cstddef>
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
  std::int64_t round_ms = 0;              // both times are floored to that unit, 0 for none
  bool ignore_times = false;
  bool ignore_status = false;
  bool ignore_number = false;
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
  std::uint32_t status_misses = 0;  // orders in 1,000 that no orderStatus finds
  std::int64_t status_lag_ms = 0;   // a status filter sees the statuses of that long ago
  std::uint32_t twice = 0;          // orders in 10,000 that are listed a second time, in an older state
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

/// What an empty page has as data.
enum class empty_data : std::uint8_t { array, null, absent };
enum class encoding : std::uint8_t { identity, gzip, deflate, raw_deflate, br };

/// How replies are written.
struct reply_rules {
  empty_data empty = empty_data::array;
  std::string leading;  // in front of the JSON
  std::size_t fat = 0;  // bytes that an order is padded to
  encoding as = encoding::identity;
  bool close_delimited = false;       // neither a length nor chunks
  bool close_delimited_rude = false;  // nor TLS's close_notify
};

/// What stands in front of the API: a challenge page, rate limit and clock.
struct gate_rules {
  unsigned challenge_status = 0;  // 0: there is none
  std::int64_t challenge_from_ms = 0;
  std::optional<std::int64_t> challenge_for_ms;
  throttle refuse_as = throttle::status_429;
  std::vector<std::int64_t> date_skews_ms;  // of the Date header, one reply after the other
  std::optional<epoch_ms> date_fixed;
  bool no_date = false;
};

/// Another access-key, which sees a share of the orders. The first one sees all.
struct account {
  std::string key, secret;
  std::uint32_t share = 10'000;  // of 10,000
};

struct behaviour {
  std::vector<account> more_accounts;
  range_rules range;
  listing_rules listing;
  paging_rules paging;
  reply_rules replies;
  gate_rules gate;
  detail_rules details;
};

/// After the program has started: when the last behaviour begins or ends that waits for a moment.
std::int64_t last_change_ms(const behaviour& how);

}  // namespace pandapon_sim
