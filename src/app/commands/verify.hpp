#pragma once
// `verify`.

#include "app/commands/session.hpp"
#include "app/tasks/maintenance_views.hpp"

namespace ordersync::app::commands {

// An account that fails does not keep the others from being compared.
core::result<tasks::verify_result> verify(session& in, const tasks::verify_request& request,
                                          const tasks::verify_listener& listener);

}  // namespace ordersync::app::commands
