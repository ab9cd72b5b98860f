#pragma once
// `migrate`.

#include "app/commands/session.hpp"
#include "store/migrations/distributed.hpp"
#include "store/migrations/migrator.hpp"

#include <optional>
#include <vector>

namespace ordersync::app::commands {

struct migrated {
  std::vector<store::migrations::migration_state> steps;       // applied now
  std::optional<store::migrations::distributed> distribution;  // where it was asked for
};

// Brings the schema to what this program needs, spreads the orders over a Citus cluster where `distribute` or
// database.distributed asks for it, and stores what the reporting views need of the configuration.
core::result<migrated> migrate(session& in, bool distribute);

// All steps, applied or not.
core::result<std::vector<store::migrations::migration_state>> migration_status(session& in);

}  // namespace ordersync::app::commands
