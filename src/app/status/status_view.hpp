#pragma once
// From what the database tells to what `status` and the status page show: which accounts there are, and how complete
// each is. Pure.

#include "app/daemon/daemon_state.hpp"
#include "app/session.hpp"
#include "config/settings.hpp"

namespace ordersync::app::status {

// What is stored of a configured account. Its proof counts only if it is one of what the configuration asks; looking
// does not change which proof is in force.
account_view view_of(const config::settings& settings, const config::account& account,
                     const store::status_report& stored, core::instant now);

// All accounts, the configured ones first; `totals.accounts` of the result is empty.
status_view look_at(const config::settings& settings, store::status_report stored, core::instant now);

// What is wrong where the newest orders alone need more requests than sync.rate allows; empty: nothing.
std::string overload_of(const config::settings& settings);

// Where this daemon leads, it knows better than the database what came of the trials of the API.
void heed(status_view& view, const daemon_state& leading);

}  // namespace ordersync::app::status
