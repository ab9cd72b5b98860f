#pragma once
// What every verb works with: the parsed command line, the session of its configuration, the report of an error.

#include "app/commands/session.hpp"
#include "app/setup/exit_code.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace ordersync::cli::shared {

namespace commands = app::commands;

// A verb that is chosen stores what it will do in `chosen`; it runs once the whole command line is understood.
struct command_line {
  app::setup::configuration_files config;
  std::function<app::setup::exit_code()> chosen;
};

// The session of the configuration that --config names; when that is wrong, all errors go to stderr and there is none.
// open_look: for a verb that only shows; open_change: for one that never asks the API.
std::unique_ptr<commands::session> open_session(const command_line& line,
                                                app::setup::purpose of = app::setup::purpose::work);
inline std::unique_ptr<commands::session> open_look(const command_line& line) {
  return open_session(line, app::setup::purpose::look);
}
inline std::unique_ptr<commands::session> open_change(const command_line& line) {
  return open_session(line, app::setup::purpose::change);
}

// Prints the error on stderr; the exit code for it.
app::setup::exit_code fail(const core::error& error);
app::setup::exit_code fail_usage(const std::string& what);

}  // namespace ordersync::cli::shared
