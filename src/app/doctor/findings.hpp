#pragma once
// What follows from what `doctor` saw. Pure; who performs the looking is examine.hpp.

#include "app/doctor/report.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "store/migrations/migrator.hpp"
#include "store/reports/reports.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::doctor {

// "database", "role" and "encoding".
std::vector<check> assess_server(const store::reports::health_report& server, core::instant now);
check assess_schema(const core::result<std::vector<store::migrations::migration_state>>& steps);
check assess_room(const core::result<void>& written);
check assess_missing_standby(const store::reports::health_report& server);  // "commit_time"
check assess_commits(const core::result<std::vector<std::chrono::microseconds>>& times);
finding assess_listing(const core::result<store::reports::listing_report>& seen, std::chrono::milliseconds settle);

// `ahead`: of the server's clock; none: no reply had the time. `date_off`: the Date header is that much ahead, although
// a request signed by this machine's clock was accepted.
check assess_clock(std::optional<std::chrono::seconds> ahead, std::optional<std::chrono::seconds> date_off = {});

}  // namespace ordersync::app::doctor
