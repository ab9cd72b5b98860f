#include "app/setup/loading.hpp"

#include "config/load.hpp"
#include "config/problem.hpp"
#include "store/store.hpp"

#include <utility>

namespace ordersync::app::setup {

namespace {

std::vector<std::string> lines(const std::vector<config::problem>& problems) {
  std::vector<std::string> result;
  result.reserve(problems.size());
  for (const auto& problem : problems) result.push_back(config::to_text(problem));
  return result;
}

config::settings without_secrets_of_work(config::settings settings) {
  settings.accounts.clear();
  settings.service.admin_token = {};
  return settings;
}

}  // namespace

boost::system::result<configuration, std::vector<std::string>> load(const std::filesystem::path& file, purpose of) {
  auto settings = config::load(file);
  if (settings.has_error()) return lines(settings.error());
  std::vector<std::string> problems;
  if (const auto url = store::check_url(settings->database.url); url.has_error())
    problems.push_back(file.string() + ": database.url: " + url.error().what);
  const auto needed = of == purpose::look ? without_secrets_of_work(*settings) : *settings;
  auto secrets = config::read_secrets(needed, config::credentials_directory_of_process());
  if (secrets.has_error())
    for (auto& line : lines(secrets.error())) problems.push_back(std::move(line));
  if (!problems.empty()) return problems;
  return configuration{std::move(*settings), std::move(*secrets)};
}

}  // namespace ordersync::app::setup
