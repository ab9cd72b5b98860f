#pragma once
// The configuration and the secrets it names, together: a command needs both or none.

#include "config/secrets.hpp"
#include "config/settings.hpp"

#include <boost/system/result.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace ordersync::app {

struct configuration {
  config::settings settings;
  config::secrets secrets;
};

// Or all problems, a line each.
boost::system::result<configuration, std::vector<std::string>> load(const std::filesystem::path& file);

}  // namespace ordersync::app
