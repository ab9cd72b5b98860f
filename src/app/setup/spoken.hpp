#pragma once
// Lengths of time in words. Pure.

#include <chrono>
#include <string>

namespace ordersync::app::setup {

// "3 d 4 h", "12 min 5 s", "0 s": the two largest units. A clock that was put back makes no length negative.
std::string spoken(std::chrono::seconds length);

}  // namespace ordersync::app::setup
