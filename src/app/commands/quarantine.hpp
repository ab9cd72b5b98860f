#pragma once
// `quarantine list`, `show` and `retry`.

#include "app/commands/session.hpp"
#include "app/tasks/maintenance_views.hpp"

#include <cstdint>
#include <optional>

namespace ordersync::app::commands {

// What could not be stored as it came; newest first, 1,000 at most.
core::result<std::vector<store::maintenance::quarantined>> list_quarantine(session& in, bool open_only);
core::result<store::maintenance::quarantined> find_quarantined(session& in, std::int64_t id);
// No id: all that are open. Whole orders are read from the API again, the rest from their stored payloads.
core::result<tasks::retry_result> retry_quarantined(session& in, std::optional<std::int64_t> id);

}  // namespace ordersync::app::commands
