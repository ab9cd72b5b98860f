#pragma once
// What `sync` and `backfill` say when they are through, and the exit code that follows.

#include "app/exit_code.hpp"
#include "app/session.hpp"

namespace ordersync::cli {

// Runs the sweep with its progress on stderr and its result on stdout.
app::exit_code sweep_and_report(app::session& session, const app::sweep_order& order, bool json);

// The outcome of one account.
app::exit_code outcome_of(const app::account_result& result);

}  // namespace ordersync::cli
