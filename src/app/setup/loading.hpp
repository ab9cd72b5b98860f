#pragma once
// The configuration and the secrets it names, together: a command needs both or none.

#include "config/secrets.hpp"
#include "config/settings.hpp"

#include <boost/system/result.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace ordersync::app::setup {

struct configuration {
  config::settings settings;
  config::secrets secrets;
};

// What a command means to do.
enum class purpose {
  work,  // all secrets are needed
  look,  // at the database: its password alone is read, so that whoever may look there needs no more
};

// Or all problems, a line each.
boost::system::result<configuration, std::vector<std::string>> load(const std::filesystem::path& file,
                                                                    purpose of = purpose::work);

}  // namespace ordersync::app::setup
