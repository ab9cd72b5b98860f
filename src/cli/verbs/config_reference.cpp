// `config-reference`: every key of the configuration, from the table that also reads it.

#include "app/setup/configuration.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli::verbs {

void add_config_reference(shared::command app, shared::command_line& line) {
  auto verb =
      app.add_subcommand("config-reference", "print every key of the configuration with type, range and default");
  auto json = std::make_shared<bool>(false);
  verb.add_flag("--json", *json, "print JSON");
  verb.callback([&line, json] {
    line.chosen = [json] {
      if (*json)
        text::print_json(app::setup::configuration_reference_json());
      else
        text::print_lines(app::setup::configuration_reference());
      return app::setup::exit_code::done;
    };
  });
}

}  // namespace ordersync::cli::verbs
