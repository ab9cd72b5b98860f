#pragma once
// Which lost owners' transactions hold an account or the slices for so long that they are taken to be frozen: nobody
// waits for their locks, so this is seen from what could not be done. Pure. One thread.

#include "sync/sharing/sharing.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ordersync::store::leadership {

// A transaction that holds one for longer is frozen; others end by themselves.
inline constexpr std::chrono::seconds longest_transaction{3};

class frozen_owners {
 public:
  using time_point = sync::sharing::time_point;

  // Owners that hold up one of `wanted`, of which `taken` could be taken.
  std::set<std::string> after_taking(const std::vector<sync::sharing::lease>& wanted,
                                     const std::vector<sync::sharing::lease>& taken, time_point now);
  // Whether slices could not be written for too long.
  bool after_writing(bool written, time_point now);

 private:
  std::map<std::string, time_point> held_up_;  // accounts
  std::optional<time_point> slices_held_up_;
};

}  // namespace ordersync::store::leadership
