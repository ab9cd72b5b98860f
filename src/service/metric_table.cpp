#include "service/metric_table.hpp"

#include <utility>

namespace ordersync::service {

const std::vector<metric_info>& all_metrics() {
  using enum metric;
  using enum metric_type;
  static const std::vector<metric_info> table{
      {build_info, gauge, "ordersync_build_info", "1", {"version", "commit"}, "Which program this is; always 1."},
      {leader, gauge, "ordersync_leader", "0 or 1", {}, "Whether this daemon leads: only the leader reads and writes."},
      {leader_epoch,
       gauge,
       "ordersync_leader_epoch",
       "number",
       {},
       "Number of this leadership; left out on a standby."},
      {database_up, gauge, "ordersync_database_up", "0 or 1", {}, "Whether the last look at the database succeeded."},
      {store_operations_waiting,
       gauge,
       "ordersync_store_operations_waiting",
       "operations",
       {},
       "Operations that the database is to do, the one in hand included."},

      {api_requests,
       counter,
       "ordersync_api_requests_total",
       "requests",
       {"account", "outcome"},
       "Requests to the API that have ended, by ok or by what was the matter."},
      {api_request_duration,
       histogram,
       "ordersync_api_request_duration_seconds",
       "seconds",
       {"account"},
       "Time from sending a request to having its reply decoded or given up."},
      {api_allowed_rate,
       gauge,
       "ordersync_api_allowed_requests_per_second",
       "requests per second",
       {},
       "What all requests together may be at the moment: less than configured after the API asked for patience."},
      {api_configured_rate,
       gauge,
       "ordersync_api_configured_requests_per_second",
       "requests per second",
       {},
       "The setting sync.rate."},
      {api_requests_in_flight,
       gauge,
       "ordersync_api_requests_in_flight",
       "requests",
       {},
       "Requests that are under way."},
      {api_requests_in_flight_limit,
       gauge,
       "ordersync_api_requests_in_flight_limit",
       "requests",
       {},
       "The setting sync.concurrency."},
      {api_requests_waiting,
       gauge,
       "ordersync_api_requests_waiting",
       "requests",
       {"urgency"},
       "Requests that wait for their turn."},
      {api_clock_skew,
       gauge,
       "ordersync_api_clock_skew_seconds",
       "seconds",
       {"account"},
       "How far this machine's clock is ahead of the API's; under two seconds it counts as 0."},

      {windows,
       counter,
       "ordersync_windows_total",
       "windows",
       {"account", "kind", "outcome"},
       "Windows of creation time that were read and committed."},
      {orders,
       counter,
       "ordersync_orders_total",
       "orders",
       {"account", "result"},
       "Orders in committed windows: created, changed, unchanged, or outdated by a later read."},
      {quarantined,
       counter,
       "ordersync_quarantined_total",
       "values",
       {"account"},
       "Values that went to quarantine, because they could not be stored as they came."},
      {quarantine_open, gauge, "ordersync_quarantine_open", "values", {"account"}, "Values in quarantine, unresolved."},
      {commit_duration,
       histogram,
       "ordersync_commit_duration_seconds",
       "seconds",
       {"account"},
       "Time to store a window, waiting for the database included."},

      {last_success_age,
       gauge,
       "ordersync_last_success_age_seconds",
       "seconds",
       {"account"},
       "Time since this daemon last stored a proven window of the account."},
      {complete_through,
       gauge,
       "ordersync_complete_through_timestamp_seconds",
       "seconds since 1970",
       {"account"},
       "From sync.start to this creation time the mirror is proven complete."},
      {gaps,
       gauge,
       "ordersync_gaps",
       "ranges",
       {"account"},
       "Ranges of creation time that should be proven and are not."},
      {unproven, gauge, "ordersync_unproven_seconds", "seconds", {"account"}, "Creation time in those ranges."},

      {tier_staleness,
       gauge,
       "ordersync_tier_staleness_seconds",
       "seconds",
       {"account", "younger_than_seconds"},
       "Age of the oldest reading of anything that the revisit tier covers."},
      {tier_period,
       gauge,
       "ordersync_tier_period_seconds",
       "seconds",
       {"account", "younger_than_seconds"},
       "How often the revisit tier is to be read again."},
      {tier_behind,
       gauge,
       "ordersync_tier_behind",
       "0 or 1",
       {"account", "younger_than_seconds"},
       "Whether the revisit tier is staler than one and a half times its period."},

      {jobs, gauge, "ordersync_backfill_jobs", "jobs", {"account", "state"}, "Open backfill jobs."},
      {job_orders,
       gauge,
       "ordersync_backfill_job_orders",
       "orders",
       {"account", "job"},
       "Orders read for an open job; of the 20 oldest."},
      {job_expected_orders,
       gauge,
       "ordersync_backfill_job_expected_orders",
       "orders",
       {"account", "job"},
       "Orders that the API counts in an open job; of the 20 oldest."},

      {log_events,
       counter,
       "ordersync_log_events_total",
       "events",
       {"event", "level"},
       "Events of the log, those that its level or its folding keeps out included."},
  };
  return table;
}

const metric_info& info_of(metric id) {
  return all_metrics().at(static_cast<std::size_t>(id));
}

std::string_view name(metric_type type) noexcept {
  switch (type) {
    case metric_type::counter:
      return "counter";
    case metric_type::gauge:
      return "gauge";
    case metric_type::histogram:
      return "histogram";
  }
  return "";
}

}  // namespace ordersync::service
