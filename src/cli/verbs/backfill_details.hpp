#pragma once
// `backfill create --details`.

#include "app/commands/session.hpp"
#include "app/setup/exit_code.hpp"

#include <optional>
#include <string>

namespace ordersync::cli::verbs {

// Queues the details of a range and shows how many; with `wait` until they are read.
app::setup::exit_code backfill_details(app::commands::session& session, std::optional<std::string> account,
                                       const core::window& range, bool wait, bool json);

}  // namespace ordersync::cli::verbs
