#pragma once

#include <string>

namespace ordersync::app::setup {

// This machine's, as people know it; empty where it has none.
std::string host_name();

}  // namespace ordersync::app::setup
