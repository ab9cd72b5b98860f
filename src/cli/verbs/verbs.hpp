#pragma once
// The verbs: each has a function that adds it, with its options, to the command line.

#include "cli/shared/command.hpp"
#include "cli/shared/verb.hpp"

namespace ordersync::cli::verbs {

namespace commands = app::commands;

void add_check(shared::command app, shared::command_line& line);
void add_alerts(shared::command app, shared::command_line& line);
void add_doctor(shared::command app, shared::command_line& line);
void add_health(shared::command app, shared::command_line& line);
void add_config_reference(shared::command app, shared::command_line& line);
void add_migrate(shared::command app, shared::command_line& line);
void add_run(shared::command app, shared::command_line& line);
void add_sync(shared::command app, shared::command_line& line);
void add_backfill(shared::command app, shared::command_line& line);
void add_status(shared::command app, shared::command_line& line);
void add_coverage(shared::command app, shared::command_line& line);
void add_verify(shared::command app, shared::command_line& line);
void add_order(shared::command app, shared::command_line& line);
void add_changes(shared::command app, shared::command_line& line);
void add_export(shared::command app, shared::command_line& line);
void add_quarantine(shared::command app, shared::command_line& line);
void add_quarantine_accept(shared::command quarantine, shared::command_line& line);
void add_replay(shared::command app, shared::command_line& line);
void add_retention(shared::command app, shared::command_line& line);
void add_erase(shared::command app, shared::command_line& line);

}  // namespace ordersync::cli::verbs
