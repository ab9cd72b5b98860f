#pragma once
// What alerts are about: the problems of a verdict that somebody has to know of. Pure.

#include "app/status/verdict.hpp"
#include "config/settings.hpp"
#include "core/time.hpp"

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::alerts {

// What a problem is known by, for as long as it lasts.
struct problem_name {
  config::alert_kind kind{};
  std::string account;  // empty: the whole mirror

  friend auto operator<=>(const problem_name&, const problem_name&) = default;
};

struct condition {
  problem_name name;
  std::string what;
  std::string cure;
  std::string headline{};  // empty: that of its kind
  status::health level = status::health::bad;
  std::optional<core::instant> since{};    // as in status::finding
  std::optional<core::instant> seen_at{};  // the same
};

// Of several findings of one name the worst. Notices that only who looks has to see are left out; so is what a verdict
// says of its own figures.
std::vector<condition> conditions_of(const status::verdict& of);

}  // namespace ordersync::app::alerts
