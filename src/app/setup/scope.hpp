#pragma once
// What an account asks the API for, as a name for the proof that belongs to it: asking for something else starts
// another proof. Pure.

#include "config/settings.hpp"
#include "store/store.hpp"

namespace ordersync::app::setup {

// Everything that decides which orders the API shows for which times: base URL, path, the zone of the times asked for,
// access key, user id and the filter of user ids, whose order does not matter.
store::coverage::account_scope scope_of(const config::account& account, const config::api_settings& api);

}  // namespace ordersync::app::setup
