#pragma once
// What `ordersync status` says of checks by counts. Pure.

#include "app/status/status_view.hpp"

#include <string>
#include <vector>

namespace ordersync::cli::text {

// Of the account that is worst off, and how many others there are; at least one. `now`: the database's clock.
std::string recheck_text(const std::vector<store::recheck::check_report>& checks, core::instant now);

}  // namespace ordersync::cli::text
