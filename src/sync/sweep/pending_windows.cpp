#include "sync/sweep/pending_windows.hpp"

#include "sync/sweep/splitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::sync::sweep {

pending_windows::pending_windows(const std::vector<core::window>& ranges, std::uint64_t sweep) {
  for (auto i = ranges.size(); i > 0; --i) {
    const auto& range = ranges[i - 1];
    if (!range.empty()) stack_.push_back({.window = range, .name = fmt::format("{}-{}", sweep, i), .root = true});
  }
}

pending_window pending_windows::take() {
  auto next = std::move(stack_.back());
  stack_.pop_back();
  return next;
}

void pending_windows::put_parts(const pending_window& w, const std::vector<core::window>& parts, std::int64_t total) {
  for (auto i = parts.size(); i > 0; --i) {
    stack_.push_back({.window = parts[i - 1],
                      .name = fmt::format("{}.{}", w.name, i),
                      .root = w.root && total == 0,
                      .siblings = total,
                      .right_half = total > 0 && parts.size() == 2 && i == 2});
  }
}

void pending_windows::put_cut_to(const pending_window& w, std::chrono::seconds longest) {
  put_parts(w, cut_to(w.window, longest), 0);
}

std::size_t pending_windows::put_cut_up(const pending_window& w, std::int64_t total, std::int64_t most_orders) {
  const bool crowded = w.siblings > 0 && 2 * total > w.siblings;
  const auto parts = cut(w.window, total, most_orders, crowded ? 2 : most_parts);
  put_parts(w, parts, total);
  return parts.size();
}

void pending_windows::left_counted(const core::window& left, std::int64_t total) {
  for (auto& right : stack_)
    if (right.right_half && right.window.begin == left.end && !right.expected)
      right.expected = std::max<std::int64_t>(0, right.siblings - total);
}

bool awaits_count(const pending_window& half, std::int64_t most_orders) noexcept {
  return half.right_half && !half.expected && half.siblings / 2 > most_orders;
}

}  // namespace ordersync::sync::sweep
