#include "app/tasks/completeness.hpp"

#include "sync/interval_set.hpp"

#include <algorithm>

namespace ordersync::app::tasks {

completeness completeness_of(const std::vector<core::window>& proven, core::second start, core::second now,
                             std::chrono::seconds grace) {
  completeness result;
  result.expected = {start, std::max(start, now - grace)};
  result.gaps = sync::interval_set(proven).missing(result.expected);
  for (const auto& part : proven)
    if (part.begin <= start && start < part.end) result.through = part.end;
  result.behind = std::max(std::chrono::seconds{0}, now - result.through.value_or(start));
  return result;
}

}  // namespace ordersync::app::tasks
