#pragma once
// Backfill jobs on the command line: how they are shown, waited for and controlled.

#include "app/commands/jobs.hpp"
#include "cli/shared/command.hpp"
#include "cli/shared/verb.hpp"

#include <string>
#include <vector>

namespace ordersync::cli::shared {

// `backfill list`, `show`, `pause`, `resume`, `cancel`.
void add_job_verbs(command backfill, command_line& line);

app::setup::exit_code show_jobs(const commands::session& session, const std::vector<store::jobs::backfill_job>& jobs,
                                bool json);

// Shows their progress until all have ended; the code says how the worst of them ended.
app::setup::exit_code wait_for(commands::session& session, const std::vector<store::jobs::backfill_job>& jobs,
                               bool json);

// Who runs this command, for the table of jobs: "user@host"; behind sudo, who used it.
std::string who_asks();

}  // namespace ordersync::cli::shared
