#pragma once
// What `check` and `config-reference` show: the configuration alone, without anything being reached.

#include <boost/json/array.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace ordersync::app::setup {

// Everything that is wrong with the file and the secret files it names, a line each: "FILE:LINE:COLUMN: what and what
// to do". None: it is fine.
std::vector<std::string> configuration_problems(const std::filesystem::path& file);

// What is allowed and will not do, a line each.
std::vector<std::string> configuration_remarks(const std::filesystem::path& file);

// Every key with its type, range, default and use: a YAML text that loads once the required keys are filled in.
std::string configuration_reference();
boost::json::array configuration_reference_json();

// In which the API writes its times: people read them in it. UTC where the file cannot be read.
std::chrono::minutes zone_of(const std::filesystem::path& file);

}  // namespace ordersync::app::setup
