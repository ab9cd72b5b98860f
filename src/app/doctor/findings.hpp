#pragma once
// What follows from what `doctor` saw. Pure; who performs the looking is examine.hpp.

#include "app/doctor/report.hpp"
#include "config/settings.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "pandapon/tls_report.hpp"
#include "store/migrator.hpp"
#include "store/reports.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::doctor {

// "database", "role" and "encoding".
std::vector<check> judge_server(const store::health_report& server, core::instant now);
check judge_schema(const core::result<std::vector<store::migration_state>>& steps);
check judge_room(const core::result<void>& written);
check judge_missing_standby(const store::health_report& server);  // "commit_time"
check judge_commits(const core::result<std::vector<std::chrono::microseconds>>& times);
finding judge_listing(const core::result<store::listing_report>& seen, std::chrono::milliseconds settle);

check judge_addresses(const std::string& host, const core::result<std::vector<std::string>>& addresses);
check judge_tls(const core::result<pandapon::tls_facts>& facts, core::second now);
// `ahead`: of the server's clock; none: no reply told the time. `date_off`: the Date header is that much ahead,
// although a request signed by this machine's clock was accepted.
check judge_clock(std::optional<std::chrono::seconds> ahead, std::optional<std::chrono::seconds> date_off = {});

// Whether a range around a known order shows it when it is written in this zone.
finding judge_zone(std::optional<std::chrono::seconds> right, std::chrono::seconds configured, bool asked);

// A page of `asked` orders was wanted out of `total`.
struct page_answer {
  int asked = 0;
  std::int64_t total = 0;
  core::result<std::int64_t> rows;
};
bool honoured(const page_answer& answer);
// Ascending by size.
finding judge_page_size(const std::vector<page_answer>& answers, const config::sync_settings& sync);

struct filter_count {
  config::unused_filters how{};
  core::result<std::int64_t> total;
};
// The same range counted in each way of not using a filter, and (where it could be had) added up over the statuses.
finding judge_unused(const std::vector<filter_count>& counts, std::optional<std::int64_t> by_status,
                     config::unused_filters configured);

}  // namespace ordersync::app::doctor
