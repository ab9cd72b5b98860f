#include "sync/schedule/last_read_map.hpp"

#include "sync/interval_set.hpp"

#include <algorithm>
#include <iterator>

namespace ordersync::sync::schedule {

void last_read_map::cut_at(core::second t) {
  auto at = pieces_.upper_bound(t);
  if (at == pieces_.begin()) return;
  --at;
  auto& whole = at->second;
  if (at->first == t || whole.end <= t) return;
  pieces_.emplace_hint(std::next(at), t, piece{whole.end, whole.at});
  whole.end = t;
}

void last_read_map::read(const core::window& w, core::second at) {
  if (w.empty()) return;
  cut_at(w.begin);
  cut_at(w.end);
  auto from = w.begin;
  for (auto next = pieces_.lower_bound(w.begin); next != pieces_.end() && next->first < w.end; ++next) {
    if (from < next->first) pieces_.emplace_hint(next, from, piece{next->first, at});
    next->second.at = std::max(next->second.at, at);
    from = next->second.end;
  }
  if (from < w.end) pieces_.emplace(from, piece{w.end, at});
  join_equals(w);
}

void last_read_map::join_equals(const core::window& w) {
  auto at = pieces_.lower_bound(w.begin);
  if (at != pieces_.begin()) --at;  // it may end where w begins
  while (at != pieces_.end() && at->first < w.end) {
    const auto next = std::next(at);
    if (next == pieces_.end()) return;
    if (at->second.end == next->first && at->second.at == next->second.at) {
      at->second.end = next->second.end;
      pieces_.erase(next);
    } else {
      at = next;
    }
  }
}

std::optional<core::second> last_read_map::oldest(const core::window& w) const {
  auto at = pieces_.upper_bound(w.begin);
  if (at == pieces_.begin()) return std::nullopt;
  --at;
  auto oldest = at->second.at;
  auto known_to = at->second.end;
  if (known_to <= w.begin) return std::nullopt;
  while (known_to < w.end) {
    ++at;
    if (at == pieces_.end() || at->first != known_to) return std::nullopt;
    oldest = std::min(oldest, at->second.at);
    known_to = at->second.end;
  }
  return oldest;
}

std::vector<core::window> last_read_map::older_than(const core::window& w, core::second at) const {
  interval_set fresh;
  auto next = pieces_.upper_bound(w.begin);
  if (next != pieces_.begin()) --next;
  for (; next != pieces_.end() && next->first < w.end; ++next)
    if (next->second.at >= at) fresh.add({next->first, next->second.end});
  return fresh.missing(w);
}

void last_read_map::coalesce(const core::window& w, std::chrono::seconds grain) {
  if (w.empty() || grain <= std::chrono::seconds{1}) return;
  cut_at(w.begin);
  cut_at(w.end);
  for (auto at = pieces_.lower_bound(w.begin); at != pieces_.end() && at->first < w.end; ++at)
    at->second.at -= at->second.at.time_since_epoch() % grain;
  join_equals(w);
}

void last_read_map::forget(core::second before) {
  cut_at(before);
  pieces_.erase(pieces_.begin(), pieces_.lower_bound(before));
}

void last_read_map::forget_readings_after(core::second now) {
  std::erase_if(pieces_, [now](const auto& entry) { return entry.second.at > now; });
}

}  // namespace ordersync::sync::schedule
