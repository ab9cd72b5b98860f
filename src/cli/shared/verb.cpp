#include "cli/shared/verb.hpp"

#include "app/setup/configuration.hpp"
#include "cli/text/output.hpp"

#include <fmt/format.h>

#include <utility>

namespace ordersync::cli::shared {

std::unique_ptr<commands::session> open_session(const command_line& line, app::setup::purpose of) {
  text::show_moments_in(app::setup::zone_of(line.config));
  auto opened = commands::session::open(line.config, of);
  if (opened.has_value()) return std::move(*opened);
  for (const auto& problem : opened.error()) text::say(problem);
  return nullptr;
}

app::setup::exit_code fail(const core::error& error) {
  text::say(fmt::format("ordersync: {}", error.what));
  return app::setup::code_of(error.kind);
}

app::setup::exit_code fail_usage(const std::string& what) {
  text::say(fmt::format("ordersync: {}", what));
  return app::setup::exit_code::usage;
}

}  // namespace ordersync::cli::shared
