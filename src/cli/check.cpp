// `check`: is the configuration in order? Reads the file and the secret files it names; reaches for nothing else.

#include "app/setup/configuration.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli {

void add_check(command app, command_line& line) {
  auto verb = app.add_subcommand("check", "check the configuration and the secret files it names; connects to nothing");
  verb.callback([&line] {
    line.chosen = [&line] {
      const auto problems = app::setup::configuration_problems(line.config);
      for (const auto& problem : problems) say(problem);
      if (!problems.empty()) return app::setup::exit_code::usage;
      for (const auto& remark : app::setup::configuration_remarks(line.config)) say("warning: " + remark);
      print(fmt::format("{}: valid", line.config.string()));
      return app::setup::exit_code::done;
    };
  });
}

}  // namespace ordersync::cli
