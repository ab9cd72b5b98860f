#pragma once
// From what a daemon knows of itself, and sees of the mirror, to what alerts go by. Pure.

#include "app/alerts/alert_watch.hpp"
#include "app/daemon/daemon_state.hpp"
#include "app/status/situation.hpp"
#include "core/time.hpp"

namespace ordersync::app::http {

// `seen`: of the mirror, if this daemon leads; null otherwise.
alerts::sighting sighting_of(const daemon::daemon_state& state, const status::situation* seen, core::instant now);

}  // namespace ordersync::app::http
