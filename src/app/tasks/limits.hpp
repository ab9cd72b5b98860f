#pragma once
// What the API allows an account, as it was found or as api.limits says, for people and programs. Pure.

#include "config/settings.hpp"
#include "core/time.hpp"
#include "store/coverage/trials.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::tasks {

struct limit_view {
  store::coverage::api_limit is;  // where it is set by hand: name and value alone
  bool by_hand = false;           // api.limits sets it
};

// By name. What is set by hand takes the place of what was found.
std::vector<limit_view> limits_of(const std::vector<store::coverage::api_limit>& found,
                                  const config::api_limits& by_hand);

// In the unit of people, with what follows from it: "7 d", "50 orders", "orders are requested status by status".
std::string limit_text(std::string_view name, std::int64_t value);

// How long after its creation an order is read at the earliest: sync.live.settle, or longer where the API refuses
// ranges that end so near to now.
std::chrono::seconds settle_of(std::chrono::milliseconds settle, const std::vector<limit_view>& limits);

}  // namespace ordersync::app::tasks
