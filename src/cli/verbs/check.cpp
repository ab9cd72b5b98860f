// `check`: is the configuration in order? Reads the file and the secret files it names; reaches for nothing else.

#include "app/setup/configuration.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli::verbs {

void add_check(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("check", "check the configuration and the secret files it names; connects to nothing");
  verb.callback([&line] {
    line.chosen = [&line] {
      const auto problems = app::setup::configuration_problems(line.config);
      for (const auto& problem : problems) text::say(problem);
      if (!problems.empty()) return app::setup::exit_code::usage;
      for (const auto& remark : app::setup::configuration_remarks(line.config)) text::say("warning: " + remark);
      text::print(fmt::format("{}: valid", line.config.string()));
      return app::setup::exit_code::done;
    };
  });
}

}  // namespace ordersync::cli::verbs
