#include "sync/schedule/window_backoff.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ordersync::sync::schedule {

// What is held within `w`, cut to it; what is outside stays.
std::vector<window_backoff::held> window_backoff::cut_out(const core::window& w) {
  std::vector<held> inside;
  std::vector<held> outside;
  for (const auto& [window, how] : held_) {
    if (!window.overlaps(w)) {
      outside.push_back({window, how});
      continue;
    }
    inside.push_back({{std::max(window.begin, w.begin), std::min(window.end, w.end)}, how});
    if (window.begin < w.begin) outside.push_back({{window.begin, w.begin}, how});
    if (w.end < window.end) outside.push_back({{w.end, window.end}, how});
  }
  held_ = std::move(outside);
  return inside;
}

void window_backoff::hold(const core::window& tried, const std::vector<core::window>& failed, time_point now) {
  const auto before = cut_out(tried);
  for (const auto& w : failed) {
    std::optional<sync::schedule::hold> longest;
    for (const auto& h : before)
      if (h.window.overlaps(w) && (!longest || longest->wait < h.how.wait)) longest = h.how;
    held_.push_back({w, hold_again(longest, now)});
  }
}

void window_backoff::clear(const core::window& w) {
  if (!held_.empty()) cut_out(w);
}

void window_backoff::take_from(interval_set& from, time_point now) const {
  for (const auto& h : held_)
    if (h.how.until > now) from.remove(h.window);
}

window_backoff::time_point window_backoff::next_release(time_point now) const {
  auto next = time_point::max();
  for (const auto& h : held_)
    if (h.how.until > now) next = std::min(next, h.how.until);
  return next;
}

}  // namespace ordersync::sync::schedule
