#pragma once
// What `status --json` shows, and the status page with it. Pure.

#include "app/status/status_view.hpp"
#include "app/status/verdict.hpp"
#include "core/time.hpp"
#include "store/jobs/jobs.hpp"
#include "store/reports/reports.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>

namespace ordersync::app::status {

// {"from": "...Z", "to": "...Z"}: half-open.
boost::json::object json_of(const core::window& w);
// Text or null.
boost::json::value json_of(const std::optional<core::instant>& t);

// Members as `status --json` has had them from the start; monitoring reads them.
boost::json::object json_of(const status_view& view);

// {"instance", "event", "level", "first_at", "last_at", "count", "fields": {...}, "cause", "cure"}.
boost::json::object json_of(const store::reports::logged_problem& of);

// {"level", "headline", "findings": [{"level", "what", "cure"}]}, the worst first.
boost::json::object json_of(const verdict& of);

// Without who asked for it: the page is for everybody who reaches it.
boost::json::object json_of(const store::jobs::backfill_job& job);

// {"account", "asked", "range", "proven": [...], "gaps": [{"from", "to", "state", "reason", "last_read"}]}, where a
// gap's state is "never", "unproven" or "failed" by what came of the last read.
boost::json::object json_of(const store::reports::coverage_report& report);

}  // namespace ordersync::app::status
