// `run`: the daemon.

#include "app/serve.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "cli/version.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli {

namespace {

app::setup::exit_code run_daemon(const command_line& line) {
  const auto served = app::serve(line.config, {version(), commit()});
  for (const auto& problem : served.problems) say(problem);
  return served.problems.empty() ? app::setup::exit_code::done : app::setup::exit_code::usage;
}

}  // namespace

void add_run(command app, command_line& line) {
  auto verb = app.add_subcommand("run", "the daemon: keeps the mirror current until it is told to stop");
  verb.footer(
      "Any number of daemons may run on one database: one leads, the others stand by. SIGTERM or SIGINT end it with "
      "the\n"
      "transaction in hand finished, within 5 s, a second one at once; SIGHUP reads configuration and secrets again.");
  verb.callback([&line] { line.chosen = [&line] { return run_daemon(line); }; });
}

}  // namespace ordersync::cli
