#pragma once
// The configuration and the secrets it names, together: a command needs both or none. The only place that reads the
// environment's part of it.

#include "config/secrets.hpp"
#include "config/settings.hpp"
#include "config/sources.hpp"

#include <boost/system/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::pandapon::http {
class shared_connections;
}

namespace ordersync::app::setup {

struct configuration {
  config::settings settings;
  config::secrets secrets;
  // Of all sources that are made from it; null: of each its own.
  std::shared_ptr<pandapon::http::shared_connections> connections{};
};

// Where the configuration is to be read. The environment's variables take precedence over all files.
struct configuration_files {
  std::vector<std::string> names;  // in order, "-" is standard input; empty: the default file, if it is there

  static constexpr const char* default_name = "/etc/ordersync/ordersync.yaml";
  // What standard input said, once it was read: a reload has it again.
  std::shared_ptr<std::optional<std::string>> input = std::make_shared<std::optional<std::string>>();

  std::string text() const;  // for people: "a.yaml, b.yaml"
};

// All that there is to read, or all problems.
config::checked<std::vector<config::source>> sources_of(const configuration_files& files);

// What a command means to do.
enum class purpose {
  work,      // all secrets are needed, and the way to the API
  change,    // as work, but of the mirror alone: the API is not asked
  look,      // at the database: its password alone is read, so that whoever may look there needs no more
  settings,  // no secret is read
};

// The settings alone, without their secrets. A proxy of the environment that cannot be used is a problem where the API
// is asked, or the configuration examined.
config::checked<config::settings> load_settings(const configuration_files& files, purpose of = purpose::settings);
// The settings with the value of this key alone; see config::load_one.
config::checked<config::settings> load_setting(const configuration_files& files, std::string_view key);

// Or all problems, a line each.
boost::system::result<configuration, std::vector<std::string>> load(const configuration_files& files,
                                                                    purpose of = purpose::work);

}  // namespace ordersync::app::setup
