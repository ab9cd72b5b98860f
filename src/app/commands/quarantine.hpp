#pragma once
// `quarantine list`, `show`, `accept` and `retry`.

#include "app/commands/session.hpp"
#include "app/tasks/maintenance_views.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::commands {

// What could not be stored as it came; newest first, 1,000 at most.
core::result<std::vector<store::maintenance::quarantined>> list_quarantine(session& in,
                                                                           store::maintenance::quarantine_choice of);
// The same by kind, those with the most values first.
core::result<std::vector<store::maintenance::quarantine_kind>> list_kinds(session& in,
                                                                          store::maintenance::quarantine_choice of);
core::result<store::maintenance::quarantined> find_quarantined(session& in, std::int64_t id);

// One value alone, or its acceptance taken back (`why` is none).
core::result<store::maintenance::quarantined> accept_value(session& in, std::int64_t id,
                                                           std::optional<std::string> why);
// The kinds of a path, those to come included. The kinds as they are then.
core::result<std::vector<store::maintenance::quarantine_kind>> accept_kinds(session& in,
                                                                            store::maintenance::kind_choice of,
                                                                            std::optional<std::string> why);

// No id: all that are not resolved. Whole orders are read from the API again, the rest from their stored payloads.
core::result<tasks::retry_result> retry_quarantined(session& in, std::optional<std::int64_t> id);

}  // namespace ordersync::app::commands
