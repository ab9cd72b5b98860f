#pragma once
// The rows of the table of keys; see keys.hpp.

#include "config/keys.hpp"

#include <vector>

namespace ordersync::config {

const std::vector<key>& key_table();

}  // namespace ordersync::config
