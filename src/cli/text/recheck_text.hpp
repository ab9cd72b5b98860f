#pragma once
// What `ordersync status` says of checks by counts. Pure.

#include "app/status/status_view.hpp"

#include <string>
#include <vector>

namespace ordersync::cli::text {

// A line each of the accounts that are worst off, which come first, and how many others there are. `now`: the
// database's clock.
std::vector<std::string> recheck_texts(std::vector<store::recheck::check_report> checks, core::instant now);

}  // namespace ordersync::cli::text
