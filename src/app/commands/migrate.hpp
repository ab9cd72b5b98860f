#pragma once
// `migrate`.

#include "app/commands/session.hpp"
#include "store/maintenance/maintenance.hpp"
#include "store/migrations/distributed.hpp"
#include "store/migrations/migrator.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace ordersync::app::commands {

struct migrated {
  std::vector<store::migrations::migration_state> steps;       // applied now
  std::optional<store::migrations::distributed> distribution;  // where it was asked for
  store::maintenance::history_conversion history;              // not finished: it was interrupted
};
using conversion_listener = std::function<void(const store::maintenance::history_conversion&)>;

// Brings the schema to what this program needs, spreads the orders over a Citus cluster where `distribute` or
// database.distributed asks for it, stores what the reporting views need of the configuration, and converts the history
// batch by batch, beside whoever writes. A signal ends it after the batch in hand.
core::result<migrated> migrate(session& in, bool distribute, const conversion_listener& listener);

// All steps, applied or not.
core::result<std::vector<store::migrations::migration_state>> migration_status(session& in);

}  // namespace ordersync::app::commands
