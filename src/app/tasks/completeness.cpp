#include "app/tasks/completeness.hpp"

#include <algorithm>

namespace ordersync::app::tasks {

std::vector<core::window> without(const core::window& range, const std::vector<core::window>& covered) {
  std::vector<core::window> left;
  auto reached = range.begin;
  for (const auto& part : covered) {
    if (part.end <= reached) continue;
    if (part.begin >= range.end) break;
    if (part.begin > reached) left.push_back({reached, part.begin});
    reached = part.end;
  }
  if (reached < range.end) left.push_back({reached, range.end});
  return left;
}

completeness assess(const std::vector<core::window>& proven, core::second start, core::second now,
                    std::chrono::seconds grace) {
  completeness result;
  result.expected = {start, std::max(start, now - grace)};
  result.gaps = result.expected.empty() ? std::vector<core::window>{} : without(result.expected, proven);
  for (const auto& part : proven)
    if (part.begin <= start && start < part.end) result.through = part.end;
  result.behind = std::max(std::chrono::seconds{0}, now - result.through.value_or(start));
  return result;
}

}  // namespace ordersync::app::tasks
