#pragma once
// What the status page receives, as JSON. Pure.

#include "app/status/verdict.hpp"
#include "app/telemetry/request_history.hpp"
#include "config/settings.hpp"
#include "service/http_server.hpp"
#include "store/leadership/leader.hpp"
#include "store/reports/reports.hpp"
#include "sync/flow/admission.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::http {

service::http_answer json_answer(const boost::json::value& value, unsigned status = 200);

// /api/status: what `status --json` shows as far as it is known, and what the page needs besides.
struct status_facts {
  status::situation seen;
  std::chrono::milliseconds age{0};  // of the look at the database
  store::leadership::instance self;
  bool can_order = false;                            // there is an admin token
  std::optional<sync::flow::admission_load> load{};  // while this daemon leads
};
boost::json::object status_answer(const status_facts& facts, const config::settings& settings);

// /api/coverage. `expected_to`: up to there everything should be proven.
boost::json::object coverage_answer(const store::reports::coverage_report& report, const config::settings& settings,
                                    core::second expected_to);

// /api/requests and /api/troubles.
boost::json::object requests_answer(const telemetry::request_history& history, core::instant now);
boost::json::object problems_answer(const std::vector<store::reports::logged_problem>& list, core::instant now);

}  // namespace ordersync::app::http
