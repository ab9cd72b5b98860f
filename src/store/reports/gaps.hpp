#pragma once
// Why is this not proven? Pure.

#include "core/time.hpp"
#include "store/reports/reports.hpp"

#include <string>
#include <vector>

namespace ordersync::store::reports {

// A read that did not prove its window.
struct failed_read {
  core::window range;
  std::string reason;
  core::instant finished_at{};
  bool failed = false;  // not read to the end
};

// Cuts `unproven` (ascending, disjoint) so that each gap has one reason: that of the latest read that covers it.
// `reads` come latest first. Neighbours with the same reason become one.
std::vector<gap> explain_gaps(const std::vector<core::window>& unproven, const std::vector<failed_read>& reads);

}  // namespace ordersync::store::reports
