#pragma once
// How far an account's mirror is, by its schedule. Pure.

#include "app/daemon/daemon_state.hpp"
#include "config/settings.hpp"
#include "sync/schedule/schedule.hpp"

namespace ordersync::app::daemon {

// Sets `prepared`, and what is known from then on of proof and tiers. `state.limits` is set already.
void add_progress(account_state& state, const sync::schedule::schedule& schedule, const sync::schedule::moment& at,
                  const config::sync_settings& sync);

}  // namespace ordersync::app::daemon
