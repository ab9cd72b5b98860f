// The body of an order-list request. Stricter than the vendor may be: an unknown or misspelt parameter is refused
// instead of ignored, so that a client's mistake shows up here.
#pragma once

#include "catalogue.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pandapon_sim {

struct query {
  std::uint32_t page = 1;
  std::uint32_t page_size = 1;
  filter wanted;
};

/// Which ends of the time filter belong to it; whole seconds are asked for, milliseconds are compared.
struct filter_ends {
  bool begin = true;
  bool end = true;
};

/// Refusals: 40001 not a JSON object, 40002 unknown parameter, 40003 a parameter is missing or of the wrong type,
/// 40004 a time that is none or an end before its begin.
struct refusal {
  int code = 0;  // 0: not refused
  std::string message;
};

/// Filters that are absent, null or empty do not filter. `out` is whole only if nothing is refused.
refusal read_query(std::string_view body, const filter_ends& ends, query& out);

}  // namespace pandapon_sim
