#pragma once
// `replay`.

#include "app/commands/session.hpp"
#include "app/tasks/maintenance_views.hpp"

#include <optional>

namespace ordersync::app::commands {

// Goes on where the same replay by the same `program` stood; see store/maintenance/maintenance.hpp.
core::result<tasks::replay_result> replay(session& in, std::optional<core::second> from, std::optional<core::second> to,
                                          std::string program, const tasks::replay_listener& listener);

}  // namespace ordersync::app::commands
