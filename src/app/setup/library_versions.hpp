#pragma once
// Versions of libraries that only the rooms know that use them.

#include <string>

namespace ordersync::app::setup {

// Of the libpq that runs: "15.18".
std::string running_libpq();

}  // namespace ordersync::app::setup
