#include "app/setup/configuration.hpp"

#include "app/setup/demand.hpp"
#include "app/setup/key_place.hpp"
#include "app/setup/loading.hpp"
#include "app/setup/service_user.hpp"
#include "config/load.hpp"
#include "config/proxy.hpp"
#include "config/reference.hpp"
#include "store/libpq_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::app::setup {
namespace {

std::string masked(const config::effective_value& one) {
  constexpr std::size_t shown = 4;
  if (!one.key.ends_with(".access_key")) return one.value;
  return one.value.size() <= shown ? "..." : one.value.substr(0, shown) + "...";
}

std::string text_of(const config::settings& s, const config::location& at) {
  const auto& name = config::origin_of(s, at).name;
  return at.line == 0 ? name : fmt::format("{}:{}", name, at.line);
}

// Before what follows it in the reference.
void show_environments_proxy(const config::settings& s, std::vector<shown_setting>& shown) {
  if (!s.api.proxy) return;
  const auto& proxy = *s.api.proxy;
  const auto from = "environment variable " + proxy.variable;
  auto at = std::ranges::find(shown, "api.path", &shown_setting::key);
  if (at != shown.end()) ++at;
  const auto url = proxy.through ? "http://" + proxy.through->authority() : std::string{config::no_proxy};
  at = shown.insert(at, {"api.proxy", url, from});
  const bool has_user = std::ranges::find(shown, "api.proxy_user", &shown_setting::key) != shown.end();
  if (!has_user && !s.api.proxy_user.empty()) shown.insert(at + 1, {"api.proxy_user", s.api.proxy_user, from});
}

}  // namespace

std::vector<std::string> configuration_problems(const configuration_files& files, bool with_secrets) {
  auto loaded = load(files, with_secrets ? purpose::work : purpose::settings);
  if (loaded.has_error()) return loaded.error();
  if (!speaks_for_service()) return {};
  const auto url = store::check_url_for_service(loaded->settings.database.url);
  return url.has_error() ? std::vector{problem_with(files, "database.url", url.error().what)}
                         : std::vector<std::string>{};
}

std::vector<std::string> configuration_remarks(const configuration_files& files) {
  const auto settings = load_settings(files);
  if (settings.has_error()) return {};
  auto overload = overload_of(*settings);
  return overload.empty() ? std::vector<std::string>{} : std::vector{files.text() + ": " + std::move(overload)};
}

std::vector<shown_setting> effective_settings(const configuration_files& files) {
  const auto sources = sources_of(files);
  if (sources.has_error()) return {};
  const auto loaded = config::explain(*sources);
  const auto completed = load_settings(files);
  if (loaded.has_error() || completed.has_error()) return {};
  std::vector<shown_setting> shown;
  for (const auto& one : loaded->values)
    shown.push_back({one.key, masked(one), one.at ? text_of(loaded->of, *one.at) : "default"});
  if (!loaded->of.api.proxy) show_environments_proxy(*completed, shown);
  return shown;
}

std::string configuration_reference() {
  return config::reference();
}

boost::json::array configuration_reference_json() {
  return config::reference_json();
}

std::chrono::minutes zone_of(const configuration_files& files) {
  const auto settings = load_settings(files, purpose::look);
  if (settings.has_error()) return std::chrono::minutes{0};
  return std::chrono::duration_cast<std::chrono::minutes>(settings->api.time_zone);
}

}  // namespace ordersync::app::setup
