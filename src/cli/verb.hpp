#pragma once
// What every verb has: a function that adds it to the command line. A verb that is chosen stores what it will do in
// `chosen`; it runs once the whole command line is understood.

#include "app/commands/session.hpp"
#include "app/setup/exit_code.hpp"
#include "cli/command.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace ordersync::cli {

namespace commands = app::commands;

struct command_line {
  std::filesystem::path config = "/etc/ordersync/ordersync.yaml";
  std::function<app::setup::exit_code()> chosen;
};

void add_check(command app, command_line& line);
void add_doctor(command app, command_line& line);
void add_config_reference(command app, command_line& line);
void add_migrate(command app, command_line& line);
void add_run(command app, command_line& line);
void add_sync(command app, command_line& line);
void add_backfill(command app, command_line& line);
void add_status(command app, command_line& line);
void add_coverage(command app, command_line& line);
void add_verify(command app, command_line& line);
void add_quarantine(command app, command_line& line);
void add_replay(command app, command_line& line);
void add_retention(command app, command_line& line);
void add_erase(command app, command_line& line);

// The whole command line: every option and verb. The manual page and the shell's completion are made from it, too.
// Both arguments have to outlive the parsing.
void describe(CLI::App& app, command_line& line);

// The session of the configuration that --config names; when that is wrong, all errors go to stderr and there is none.
// open_look: for a verb that only shows.
std::unique_ptr<commands::session> open_session(const command_line& line,
                                                app::setup::purpose of = app::setup::purpose::work);
inline std::unique_ptr<commands::session> open_look(const command_line& line) {
  return open_session(line, app::setup::purpose::look);
}

// Prints the error on stderr; the exit code for it.
app::setup::exit_code fail(const core::error& error);
app::setup::exit_code fail_usage(const std::string& what);

}  // namespace ordersync::cli
