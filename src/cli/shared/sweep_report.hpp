#pragma once
// What `sync` and `backfill` say when they are through, and the exit code that follows.

#include "app/commands/session.hpp"
#include "app/setup/exit_code.hpp"
#include "app/tasks/sweep_views.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::cli::shared {

namespace commands = app::commands;

// Runs the sweep with its progress on stderr and its result on stdout.
app::setup::exit_code sweep_and_report(commands::session& session, const app::tasks::sweep_request& request, bool json);

// What is left unproven for one reason.
struct unproven_sum {
  std::string reason;
  std::int64_t gaps = 0;
  std::chrono::seconds length{0};
};
// Of the gaps that were read, or whose proof was taken back; the longest first.
std::vector<unproven_sum> unproven_by_reason(const store::reports::coverage_report& report);

// The outcome of one account. `left`: what is unproven in its range now.
app::setup::exit_code outcome_of(const app::tasks::account_result& result, const std::vector<unproven_sum>& left);

// What is left of a range of the account; none where that is not known.
std::vector<unproven_sum> left_of(commands::session& session, const std::string& account, const core::window& range);

}  // namespace ordersync::cli::shared
