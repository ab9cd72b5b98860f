#pragma once
// The daemon's endpoint as a test asks it: where it listens, by its log; a path, by curl; a number of /metrics.

#include "e2e/stage.hpp"

#include <sstream>
#include <string>
#include <vector>

namespace ordersync::e2e {

inline std::string endpoint_of(child_process& daemon) {
  const auto line = daemon.wait_for_stderr("endpoint_listening").value_or(" address=nowhere");
  const auto at = line.find("address=") + 8;
  return line.substr(at, line.find(' ', at) - at);
}

inline std::string ask(const std::string& address, const std::string& path) {
  return test_support::run_process({.argv = {"curl", "--silent", "--max-time", "10", "http://" + address + path}}).out;
}

// The sum of all series whose line holds all of these: a family's name, labels.
inline double number_in(const std::string& metrics, const std::vector<std::string>& parts) {
  double sum = 0;
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    bool all = !line.starts_with("#");
    for (const auto& part : parts) all = all && line.find(part) != std::string::npos;
    if (all) sum += std::stod(line.substr(line.rfind(' ')));
  }
  return sum;
}

}  // namespace ordersync::e2e
