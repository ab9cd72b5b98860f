#pragma once
// What every verb has: a function that adds it to the command line. A verb that is chosen stores what it will do in
// `chosen`; it runs once the whole command line is understood.

#include "app/exit_code.hpp"
#include "app/session.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace ordersync::cli {

struct command_line {
  std::filesystem::path config = "/etc/ordersync/ordersync.yaml";
  std::function<app::exit_code()> chosen;
};

void add_check(CLI::App& app, command_line& line);
void add_doctor(CLI::App& app, command_line& line);
void add_config_reference(CLI::App& app, command_line& line);
void add_migrate(CLI::App& app, command_line& line);
void add_run(CLI::App& app, command_line& line);
void add_sync(CLI::App& app, command_line& line);
void add_backfill(CLI::App& app, command_line& line);
void add_status(CLI::App& app, command_line& line);
void add_coverage(CLI::App& app, command_line& line);
void add_verify(CLI::App& app, command_line& line);
void add_quarantine(CLI::App& app, command_line& line);
void add_replay(CLI::App& app, command_line& line);
void add_retention(CLI::App& app, command_line& line);
void add_erase(CLI::App& app, command_line& line);

// The whole command line: every option and verb. The manual page and the shell's completion are made from it, too.
// Both arguments have to outlive the parsing.
void describe(CLI::App& app, command_line& line);

// The session of the configuration that --config names; when that is wrong, all of it is told on stderr and there is
// none. open_look: for a verb that only shows.
std::unique_ptr<app::session> open_session(const command_line& line, app::purpose of = app::purpose::work);
inline std::unique_ptr<app::session> open_look(const command_line& line) {
  return open_session(line, app::purpose::look);
}

// CLI11 compiles half of itself into every source that adds something by its members; these are its members, once.
CLI::App* add_verb(CLI::App& to, const std::string& name, const std::string& help);
CLI::Option* add_flag(CLI::App& to, const std::string& name, bool& given, const std::string& help);
CLI::Option* add_option(CLI::App& to, const std::string& name, std::string& text, const std::string& help);

// An id: a whole number from 1 on. Help and manual name it ID.
CLI::Option* add_id(CLI::App& verb, const std::string& option, std::int64_t& id, const std::string& help);

// Tells the error on stderr; the exit code for it.
app::exit_code fail(const core::error& error);
app::exit_code fail_usage(const std::string& what);

}  // namespace ordersync::cli
