#pragma once
// How long something that failed is left alone. Pure.

#include <algorithm>
#include <chrono>
#include <optional>

namespace ordersync::sync::schedule {

// The first wait outlasts what passes in a moment, such as orders being deleted under a read. The longest bounds what a
// gap that never closes costs, and how long one that could be closed stays open.
inline constexpr std::chrono::seconds first_hold{60};
inline constexpr std::chrono::seconds longest_hold{3600};
// After a task was dropped: long enough that giving and dropping does not spin, short enough for nobody to notice.
inline constexpr std::chrono::seconds rest_after_drop{1};

struct hold {
  std::chrono::steady_clock::time_point until{};
  std::chrono::seconds wait{};

  friend bool operator==(const hold&, const hold&) = default;
};

// The hold after a failure, twice as long as the one before it.
inline hold hold_again(const std::optional<hold>& before, std::chrono::steady_clock::time_point now) {
  const auto wait = before ? std::clamp(before->wait * 2, first_hold, longest_hold) : first_hold;
  return {now + wait, wait};
}

}  // namespace ordersync::sync::schedule
