#pragma once
// Which daemons share the accounts, and which accounts none of them works. Pure.

#include "app/doctor/report.hpp"
#include "store/leadership/leader.hpp"

#include <string>
#include <vector>

namespace ordersync::app::doctor {

// "workers", of all configured accounts, by name.
check assess_workers(const std::vector<store::leadership::account_owner>& owners,
                     const std::vector<std::string>& accounts);

}  // namespace ordersync::app::doctor
