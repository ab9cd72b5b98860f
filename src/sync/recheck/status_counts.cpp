#include "sync/recheck/status_counts.hpp"

#include "sync/evidence/evidence.hpp"

#include <algorithm>

namespace ordersync::sync::recheck {

std::int64_t count_of(const status_counts& counts, int status) noexcept {
  const auto at = counts.find(status);
  return at == counts.end() ? 0 : at->second;
}

status_counts difference_of(const status_counts& a, const status_counts& b) {
  status_counts difference = a;
  for (const auto& [status, count] : b) difference[status] -= count;
  std::erase_if(difference, [](const auto& each) { return each.second == 0; });
  return difference;
}

std::int64_t least_changes(const status_counts& difference) noexcept {
  std::int64_t entered = 0;
  std::int64_t left = 0;
  for (const auto& [status, count] : difference) (count > 0 ? entered : left) += count;
  return std::max(entered, -left);
}

std::vector<int> open_statuses(const std::set<int>& known) {
  std::set<int> open{1, 2, 3, 4, 8};
  open.insert(known.begin(), known.end());
  std::erase_if(open, [](int status) { return evidence::is_finished(status); });
  return {open.begin(), open.end()};
}

}  // namespace ordersync::sync::recheck
