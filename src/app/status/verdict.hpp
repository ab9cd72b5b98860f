#pragma once
// Is the mirror complete and current? If not, why, and what is to be done? In words. Pure.

#include "app/status/coverage_findings.hpp"
#include "app/status/finding.hpp"
#include "app/status/situation.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::status {

struct verdict {
  health level = health::good;
  std::string headline;
  std::vector<finding> findings;  // the worst first
};

// Behind what is said of a database that is away, where the figures are shown.
inline constexpr std::string_view last_known = " The figures below are the last known ones.";

verdict assess(const situation& of);

}  // namespace ordersync::app::status
