// The body of an order-list request. Stricter than the vendor may be: an unknown or misspelt parameter is refused
// instead of ignored, so that a client's mistake shows up here.
#pragma once

#include "catalogue.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pandapon_sim {

/// As they were written, taken to be of the vendor's zone.
struct asked_times {
  std::optional<epoch_ms> begin, end;
};

struct query {
  std::uint32_t page = 1;
  std::uint32_t page_size = 1;
  filter wanted;
  asked_times times{};
  bool names_status = false;
};

/// Which ends of the time filter belong to it; whole seconds are asked for, milliseconds are compared.
struct filter_ends {
  bool begin = true;
  bool end = true;
};

/// What the vendor makes of a filter that is not used. The documentation does not say.
enum class unused_filter : std::uint8_t {
  all,      // it does not filter
  open,     // where it is orderStatus: orders in the statuses 1 to 4 alone, as a shop's own pages do it
  refused,  // 40003
};

/// By the way in which it is not used.
struct unused_filters {
  unused_filter omitted = unused_filter::all;
  unused_filter null = unused_filter::all;
  unused_filter empty = unused_filter::all;
};

struct manners {
  filter_ends ends{};
  unused_filters unused{};
};

/// Refusals: 40001 not a JSON object, 40002 unknown parameter, 40003 a parameter is missing or of the wrong type,
/// 40004 a time that is none or an end before its begin.
struct refusal {
  int code = 0;  // 0: not refused
  std::string message;
};

/// Filters that are absent, null or empty do not filter unless the manners say otherwise; times never do. `out` is
/// whole only if nothing is refused, and then lacks the bounds of its filter; see range_rules.hpp.
refusal read_query(std::string_view body, const manners& how, query& out);

}  // namespace pandapon_sim
