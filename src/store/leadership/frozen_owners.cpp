#include "store/leadership/frozen_owners.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::store::leadership {

std::set<std::string> frozen_owners::after_taking(const std::vector<sync::sharing::lease>& wanted,
                                                  const std::vector<sync::sharing::lease>& taken, time_point now) {
  std::set<std::string> frozen;
  std::map<std::string, time_point> held_up;
  for (const auto& each : wanted) {
    if (each.owner.empty()) continue;
    if (std::ranges::find(taken, each.account, &sync::sharing::lease::account) != taken.end()) continue;
    const auto before = held_up_.find(each.account);
    const auto since = before == held_up_.end() ? now : before->second;
    held_up.emplace(each.account, since);
    if (now - since >= longest_transaction) frozen.insert(each.owner);
  }
  held_up_ = std::move(held_up);
  return frozen;
}

bool frozen_owners::after_writing(bool written, time_point now) {
  if (written) {
    slices_held_up_.reset();
    return false;
  }
  if (!slices_held_up_) slices_held_up_ = now;
  return now - *slices_held_up_ >= longest_transaction;
}

}  // namespace ordersync::store::leadership
