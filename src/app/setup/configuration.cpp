#include "app/setup/configuration.hpp"

#include "app/setup/loading.hpp"
#include "config/load.hpp"
#include "config/reference.hpp"

#include <fmt/format.h>

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

std::string overload_of(const config::settings& settings) {
  const auto accounts = static_cast<double>(settings.accounts.size());
  const auto every = std::chrono::duration<double>(settings.sync.live.every).count();
  const auto needed = accounts / every;
  if (needed <= settings.sync.rate) return {};
  return fmt::format(
      "{} accounts, each read every {:g} s, need {:.3g} requests a second for new orders alone, but sync.rate is {:g}: "
      "raise sync.rate or sync.live.every",
      settings.accounts.size(), every, needed, settings.sync.rate);
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
