#pragma once
// Which secrets a reload has brought. Pure.

#include "config/secrets.hpp"

#include <string>
#include <vector>

namespace ordersync::config {

// Those that differ, by the keys that name their files, with the account's name where it is an account's:
// "accounts[main].access_secret_file", "database.password_file", "alerts[0].webhook_file". What only one of them has
// is a change of the settings, and is not in it.
std::vector<std::string> changed_secrets(const settings& before, const secrets& held, const settings& after,
                                         const secrets& fresh);

}  // namespace ordersync::config
