#pragma once
// `sync` and `backfill --foreground`.

#include "app/commands/session.hpp"
#include "app/tasks/sweep_views.hpp"

namespace ordersync::app::commands {

// An account that fails does not keep the others from being swept.
core::result<tasks::sweep_result> sweep(session& in, const tasks::sweep_request& request,
                                        const tasks::progress_listener& listener);

}  // namespace ordersync::app::commands
