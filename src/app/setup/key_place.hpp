#pragma once
// Where a value of the configuration stands, for what is found wrong with it after loading.

#include "app/setup/loading.hpp"

#include <string>

namespace ordersync::app::setup {

// "ordersync.yaml:12:8: database.url: WHAT", or the environment variable that the value came from. The files' names
// alone where nothing is known of the key. Reads the sources again.
std::string problem_with(const configuration_files& files, const std::string& key, const std::string& what);

}  // namespace ordersync::app::setup
