#pragma once
// `migrate`.

#include "app/commands/session.hpp"
#include "store/migrations/migrator.hpp"

namespace ordersync::app::commands {

// Brings the schema to what this program needs, and stores what the reporting views need of the configuration. The
// steps that were applied now.
core::result<std::vector<store::migrations::migration_state>> migrate(session& in);

// All steps, applied or not.
core::result<std::vector<store::migrations::migration_state>> migration_status(session& in);

}  // namespace ordersync::app::commands
