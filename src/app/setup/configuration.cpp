#include "app/setup/configuration.hpp"

#include "app/setup/demand.hpp"
#include "app/setup/loading.hpp"
#include "config/load.hpp"
#include "config/reference.hpp"

namespace ordersync::app::setup {

std::vector<std::string> configuration_problems(const std::filesystem::path& file) {
  auto loaded = load(file);
  return loaded.has_error() ? loaded.error() : std::vector<std::string>{};
}

std::vector<std::string> configuration_remarks(const std::filesystem::path& file) {
  const auto settings = config::load(file);
  if (settings.has_error()) return {};
  auto overload = overload_of(*settings);
  return overload.empty() ? std::vector<std::string>{} : std::vector{file.string() + ": " + std::move(overload)};
}

std::string configuration_reference() {
  return config::reference();
}

boost::json::array configuration_reference_json() {
  return config::reference_json();
}

std::chrono::minutes zone_of(const std::filesystem::path& file) {
  const auto settings = config::load(file);
  if (settings.has_error()) return std::chrono::minutes{0};
  return std::chrono::duration_cast<std::chrono::minutes>(settings->api.time_zone);
}

}  // namespace ordersync::app::setup
