#pragma once
// What schema reporting depends on besides what is stored. Plain values.

#include "core/time.hpp"

#include <chrono>

namespace ordersync::store {

// What the views of schema reporting have to know of the configuration.
struct reporting_settings {
  std::chrono::seconds api_zone{0};  // east of Greenwich; their calendar day
  core::second sync_start{};         // from here on everything is to be mirrored
  std::chrono::seconds grace{0};     // the last moments that are not counted as missing yet
};

}  // namespace ordersync::store
