// `sync`: every window that is due, once.

#include "cli/shared/sweep_report.hpp"
#include "cli/verbs/verbs.hpp"

namespace ordersync::cli::verbs {

void add_sync(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand(
      "sync",
      "read every window from sync.start to now that is not proven yet, once, for all accounts; then the details "
      "that are due");
  auto json = std::make_shared<bool>(false);
  verb.add_flag("--json", *json, "print the result as JSON");
  verb.callback([&line, json] {
    line.chosen = [&line, json] {
      const auto session = shared::open_session(line);
      return session ? shared::sweep_and_report(*session, {.kind = sync::sweep_kind::live, .details = true}, *json)
                     : app::setup::exit_code::usage;
    };
  });
}

}  // namespace ordersync::cli::verbs
