#pragma once
// What sync.rate cannot carry, for the configuration, and in words. Pure.

#include "config/settings.hpp"
#include "sync/schedule/demand.hpp"

#include <optional>
#include <string>

namespace ordersync::app::setup {

// What is known beside the configuration.
struct measured_load {
  double live_requests = 1;            // that a live window costs, on average
  std::optional<double> rate_found{};  // what the API was found to allow, if that is less than sync.rate
};

sync::schedule::demand demand_of(const config::settings& settings, const measured_load& measured = {});

// "200 accounts, live every 10 s need 20 requests a second; rate is 10: each account is read every 20 s". Empty: the
// rate carries all of it.
std::string overload_of(const config::settings& settings, const measured_load& measured = {});

}  // namespace ordersync::app::setup
