#include "app/configuration.hpp"

#include "app/loading.hpp"
#include "config/reference.hpp"

namespace ordersync::app {

std::vector<std::string> configuration_problems(const std::filesystem::path& file) {
  auto loaded = load(file);
  return loaded.has_error() ? loaded.error() : std::vector<std::string>{};
}

std::string configuration_reference() {
  return config::reference();
}

boost::json::array configuration_reference_json() {
  return config::reference_json();
}

}  // namespace ordersync::app
