#pragma once
// The parts of the table of keys, a function a section of the configuration; keys() puts them together.

#include "config/keys.hpp"

#include <vector>

namespace ordersync::config {

std::vector<key> api_keys();
std::vector<key> account_keys();
std::vector<key> database_keys();
std::vector<key> sync_keys();
std::vector<key> detail_keys();
std::vector<key> retention_keys();
std::vector<key> push_keys();
std::vector<key> service_keys();
std::vector<key> alert_keys();
std::vector<key> log_keys();

}  // namespace ordersync::config
