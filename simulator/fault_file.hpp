// The fault file: which requests go wrong and how, one line each.
//
//   at 17 status 500            request 17
//   at 20-25 code 50001 later   requests 20 to 25
//   from 100 delay 50ms         request 100 and all after it
//   every 13 status 503 retry-after 1
//   chance 5 cut 100            5 of 100 requests, chosen by the seed
//   detail every 3 status 500   every third of the calls about one order
//
// `#` begins a comment at the start of a line. Requests are the calls of the API that passed the checks of headers,
// rate and parameters, counted from 1; after `detail` those about one order alone. All lines that name a request act on
// it together.
#pragma once

#include "fault.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pandapon_sim {

class fault_plan {
 public:
  /// Throws std::runtime_error `line N: what is wrong`.
  static fault_plan parse(std::string_view text);

  /// The faults of request `number`, in the order of the file. `detail_number` counts the calls about one order alone;
  /// 0: it is none.
  std::vector<fault> at(std::uint64_t seed, std::uint64_t number, std::uint64_t detail_number = 0) const;
  bool empty() const { return rules_.empty(); }

 private:
  enum class when : std::uint8_t { range, every, chance };
  struct rule {
    when kind = when::range;
    std::uint64_t first = 0;  // or the period, or the percentage
    std::uint64_t last = 0;
    fault what;
    bool of_details = false;  // counts and spoils nothing but calls about one order
  };
  static rule parse_line(std::string_view line);
  static void parse_when(std::string_view word, std::string_view value, rule& out);
  static bool applies(const rule& r, std::uint64_t seed, std::uint64_t number, std::uint64_t index);

  std::vector<rule> rules_;
};

/// The grammar and all actions, for --help.
std::string fault_help();

}  // namespace pandapon_sim
