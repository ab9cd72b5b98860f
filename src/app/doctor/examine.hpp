#pragma once
// `doctor`: reaches out to everything that ordersync needs, and reports what it finds. Changes nothing, neither at the
// API nor in the database, and works with either of them down.

#include "app/doctor/report.hpp"
#include "app/setup/loading.hpp"

namespace ordersync::app::doctor {

// Blocks. `listener` is called with each check as it is made, on this thread. SIGTERM and SIGINT end it soon.
doctor_report examine(const setup::configuration_files& files, const check_listener& listener);

}  // namespace ordersync::app::doctor
