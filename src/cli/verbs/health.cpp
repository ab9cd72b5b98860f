// `health`: asks the daemon on this machine, for supervisors of containers. Exit code 0 or 1, as they want it.

#include "app/commands/health.hpp"

#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <memory>

namespace ordersync::cli::verbs {

void add_health(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("health", "ask the daemon on this machine whether it runs; exit code 0 or 1");
  auto ready = std::make_shared<bool>(false);
  verb.add_flag("--ready", *ready, "whether it does its work: database, API and every account");
  verb.callback([&line, ready] {
    line.chosen = [&line, ready] {
      const auto found = commands::ask_daemon(line.config, *ready);
      text::print_lines(found.text);
      return found.good ? app::setup::exit_code::done : app::setup::exit_code::unhealthy;
    };
  });
}

}  // namespace ordersync::cli::verbs
