#include "app/setup/loading.hpp"

#include "app/setup/key_place.hpp"
#include "app/setup/service_user.hpp"
#include "config/load.hpp"
#include "config/problem.hpp"
#include "config/proxy.hpp"
#include "pandapon/http/ca_file.hpp"
#include "pandapon/http/https_connections.hpp"
#include "store/store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ordersync::app::setup {

namespace {

std::vector<std::string> environment() {
  std::vector<std::string> entries;
  for (auto** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) entries.emplace_back(*entry);
  return entries;
}

std::vector<std::string> lines(const std::vector<config::problem>& problems) {
  std::vector<std::string> result;
  result.reserve(problems.size());
  for (const auto& problem : problems) result.push_back(config::to_text(problem));
  return result;
}

std::vector<std::string> ca_file_problems(const configuration_files& files, const config::settings& s) {
  std::vector<std::string> problems;
  const auto look_at = [&](const std::string& key, const std::filesystem::path& file) {
    if (const auto why = pandapon::http::why_no_ca_file(file.string()); !why.empty())
      problems.push_back(problem_with(files, key, why));
  };
  look_at("api.ca_file", s.api.ca_file);
  for (std::size_t i = 0; i < s.alerts.size(); ++i) look_at(fmt::format("alerts[{}].ca_file", i), s.alerts[i].ca_file);
  return problems;
}

// The settings with the secrets alone that are needed.
config::settings needed_of(config::settings settings, purpose of) {
  if (of == purpose::work || of == purpose::change) return settings;
  settings.accounts.clear();
  settings.alerts.clear();
  settings.service.admin_token = {};
  settings.api.proxy.reset();
  settings.api.environment.reset();
  settings.api.proxy_password = {};
  if (of == purpose::settings) settings.database.password = {};
  return settings;
}

config::checked<std::vector<config::source>> gathered(const configuration_files& files, bool strict) {
  config::source_request what{.files = files.names,
                              .optional = files.names.empty(),
                              .environment = environment(),
                              .standard_input = *files.input,
                              .strict = strict};
  if (files.names.empty()) what.files.emplace_back(configuration_files::default_name);
  auto found = config::gather(what);
  if (found.has_error()) return found;
  const auto input = std::ranges::find(what.files, "-");
  if (input != what.files.end())
    *files.input =
        std::ranges::find(*found, config::standard_input_name, [](const auto& one) { return one.from.name; })->text;
  return found;
}

}  // namespace

std::string configuration_files::text() const {
  std::error_code unknown;
  if (names.empty()) return std::filesystem::exists(default_name, unknown) ? default_name : "the environment";
  std::vector<std::string> shown;
  for (const auto& name : names) shown.push_back(name == "-" ? std::string{config::standard_input_name} : name);
  return fmt::format("{}", fmt::join(shown, ", "));
}

config::checked<std::vector<config::source>> sources_of(const configuration_files& files) {
  return gathered(files, true);
}

config::checked<config::settings> load_settings(const configuration_files& files, purpose of) {
  const auto sources = sources_of(files);
  if (sources.has_error()) return sources.error();
  auto settings = config::load(*sources);
  if (settings.has_error()) return settings;
  auto problems = config::follow_environment(*settings, environment());
  if (!problems.empty() && (of == purpose::work || of == purpose::settings)) return problems;
  return settings;
}

config::checked<config::settings> load_setting(const configuration_files& files, std::string_view key) {
  const auto sources = gathered(files, false);
  if (sources.has_error()) return sources.error();
  return config::load_one(*sources, key);
}

boost::system::result<configuration, std::vector<std::string>> load(const configuration_files& files, purpose of) {
  auto settings = load_settings(files, of);
  if (settings.has_error()) return lines(settings.error());
  std::vector<std::string> problems;
  if (const auto url = store::check_url(settings->database.url); url.has_error())
    problems.push_back(problem_with(files, "database.url", url.error().what));
  if (of != purpose::look)
    for (auto& line : ca_file_problems(files, *settings)) problems.push_back(std::move(line));
  auto secrets = config::read_secrets(needed_of(*settings, of), credentials_directory());
  if (secrets.has_error())
    for (auto& line : lines(secrets.error())) problems.push_back(std::move(line));
  if (!problems.empty()) return problems;
  return configuration{std::move(*settings), std::move(*secrets),
                       std::make_shared<pandapon::http::shared_connections>()};
}

}  // namespace ordersync::app::setup
