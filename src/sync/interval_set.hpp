#pragma once
// A set of seconds as ascending, disjoint windows that do not touch. Pure.

#include "core/time.hpp"

#include <vector>

namespace ordersync::sync {

class interval_set {
 public:
  interval_set() = default;
  // In any order, overlapping or not; empty ones are left out.
  explicit interval_set(const std::vector<core::window>& windows);

  void add(const core::window& w);
  void remove(const core::window& w);

  bool empty() const noexcept { return windows_.empty(); }
  const std::vector<core::window>& windows() const noexcept { return windows_; }
  // The parts of `w` that are in the set, and those that are not; ascending.
  std::vector<core::window> within(const core::window& w) const;
  std::vector<core::window> missing(const core::window& w) const;

 private:
  std::vector<core::window> windows_;
};

}  // namespace ordersync::sync
