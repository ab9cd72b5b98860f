#pragma once
// Whether the daemon relies on the API's counts by status, which it tries itself. Pure.

#include "app/doctor/report.hpp"
#include "store/recheck/recheck.hpp"

#include <optional>

namespace ordersync::app::doctor {

// "by_counts", of an account; none where nothing is wrong.
std::optional<check> assess_checks_by_counts(const store::recheck::check_report& seen_by_daemon);

}  // namespace ordersync::app::doctor
