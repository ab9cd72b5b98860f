// `run`: the daemon.

#include "app/serve.hpp"
#include "cli/shared/version.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli::verbs {

namespace {

app::setup::exit_code run_daemon(const shared::command_line& line) {
  const auto served = app::serve(line.config, {shared::version(), shared::commit()});
  for (const auto& problem : served.problems) text::say(problem);
  return served.problems.empty() ? app::setup::exit_code::done : app::setup::exit_code::usage;
}

}  // namespace

void add_run(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("run", "run the daemon: keeps the mirror current until a signal stops it");
  verb.footer(
      "Any number of daemons may share one database and its accounts; one of them leads. On SIGTERM or SIGINT the "
      "daemon\n"
      "finishes the current transaction and exits within 5 s; a second signal stops it at once. On SIGHUP it reads "
      "the\n"
      "configuration and secrets again.");
  verb.callback([&line] { line.chosen = [&line] { return run_daemon(line); }; });
}

}  // namespace ordersync::cli::verbs
