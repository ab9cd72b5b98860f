#pragma once
// What `check` and `config-reference` show: the configuration alone, without anything being reached.

#include "app/setup/loading.hpp"

#include <boost/json/array.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ordersync::app::setup {

// Everything that is wrong with the files and, where they count, the secret files they name, a line each:
// "FILE:LINE:COLUMN: what and what to do". None: it is fine.
std::vector<std::string> configuration_problems(const configuration_files& files, bool with_secrets);

// What is allowed and will not do, a line each.
std::vector<std::string> configuration_remarks(const configuration_files& files);

// A key in force, for people and as JSON: {"key", "value", "from"}. From: "FILE:LINE", "environment variable NAME" or
// "default". Of an access key the first four characters alone.
struct shown_setting {
  std::string key;
  std::string value;  // as YAML
  std::string from;
};
// Every key that has a value; none where the configuration is invalid.
std::vector<shown_setting> effective_settings(const configuration_files& files);

// Every key with its type, range, default and use: a YAML text that loads once the required keys are filled in.
std::string configuration_reference();
boost::json::array configuration_reference_json();

// In which the API writes its times: people read them in it. UTC where the file cannot be read.
std::chrono::minutes zone_of(const configuration_files& files);

}  // namespace ordersync::app::setup
