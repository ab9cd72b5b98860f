#pragma once
// What a daemon that leads knows better than the database, put into what the status page shows. Pure.

#include "app/daemon/daemon_state.hpp"
#include "app/status/status_view.hpp"

namespace ordersync::app::http {

// Where this daemon leads, it knows better than the database what came of the trials of the API. What sync.rate cannot
// carry is the database's to say, as in `status`, so that both say the same.
void add_daemon_state(status::status_view& view, const daemon::daemon_state& leading);

}  // namespace ordersync::app::http
