#include "sync/interval_set.hpp"

#include <algorithm>

namespace ordersync::sync {

namespace {

// The first window that ends later than `t`.
template <class Windows>
auto after(Windows& windows, core::second t) {
  return std::upper_bound(windows.begin(), windows.end(), t, [](auto time, auto& w) { return time < w.end; });
}

}  // namespace

interval_set::interval_set(const std::vector<core::window>& windows) {
  for (const auto& w : windows) add(w);
}

void interval_set::add(const core::window& w) {
  if (w.empty()) return;
  // Those that overlap or touch become one.
  const auto first = std::lower_bound(windows_.begin(), windows_.end(), w.begin,
                                      [](const auto& other, auto time) { return other.end < time; });
  auto last = first;
  auto whole = w;
  for (; last != windows_.end() && last->begin <= w.end; ++last)
    whole = {std::min(whole.begin, last->begin), std::max(whole.end, last->end)};
  windows_.insert(windows_.erase(first, last), whole);
}

void interval_set::remove(const core::window& w) {
  if (w.empty()) return;
  const auto first = after(windows_, w.begin);
  auto last = first;
  std::vector<core::window> left;
  for (; last != windows_.end() && last->begin < w.end; ++last) {
    if (last->begin < w.begin) left.push_back({last->begin, w.begin});
    if (last->end > w.end) left.push_back({w.end, last->end});
  }
  windows_.insert(windows_.erase(first, last), left.begin(), left.end());
}

std::vector<core::window> interval_set::within(const core::window& w) const {
  std::vector<core::window> parts;
  if (w.empty()) return parts;
  for (auto at = after(windows_, w.begin); at != windows_.end() && at->begin < w.end; ++at)
    parts.push_back({std::max(at->begin, w.begin), std::min(at->end, w.end)});
  return parts;
}

std::vector<core::window> interval_set::missing(const core::window& w) const {
  std::vector<core::window> gaps;
  auto from = w.begin;
  for (const auto& part : within(w)) {
    if (from < part.begin) gaps.push_back({from, part.begin});
    from = part.end;
  }
  if (from < w.end) gaps.push_back({from, w.end});
  return gaps;
}

}  // namespace ordersync::sync
