#pragma once
// Moments as people read them: in the API's zone, with its offset. Machines get UTC, by to_text. Pure; any thread.

#include "core/time.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace ordersync::core {

// "2024-05-07T09:52:00+08:00", which can be pasted into a command.
std::string local_text(second t, std::chrono::minutes zone);
// "2024-05-07T09:52:00.123+08:00".
std::string local_text(instant t, std::chrono::minutes zone);

// `text` with every moment in it that to_text has written, shown in the zone: reasons and ranges carry them.
std::string in_zone(std::string_view text, std::chrono::minutes zone);

}  // namespace ordersync::core
