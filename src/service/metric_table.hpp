#pragma once
// Every metric that the daemon gives: one table for the answer of /metrics, docs/metrics.md and the tests that hold the
// dashboard and the alerts to it.

#include <cstddef>
#include <string_view>
#include <vector>

namespace ordersync::service {

// In the order of the table.
enum class metric : std::size_t {
  build_info,
  leader,
  leader_epoch,
  account_owned,
  database_up,
  store_operations_waiting,
  api_requests,
  api_request_duration,
  api_allowed_rate,
  api_configured_rate,
  api_found_rate,
  api_needed_rate,
  live_period,
  api_requests_in_flight,
  api_requests_in_flight_limit,
  api_requests_waiting,
  api_clock_skew,
  api_limit,
  api_trial_incomplete,
  windows,
  orders,
  quarantined,
  quarantine_open,
  quarantine_open_kinds,
  quarantine_accepted,
  quarantine_accepted_kinds,
  commit_duration,
  last_success_age,
  complete_through,
  gaps,
  unproven,
  contradictions_open,
  proof_retracted,
  audited_checks,
  audited_orders,
  audited_time,
  tier_staleness,
  tier_period,
  tier_behind,
  recheck_usable,
  recheck_every,
  recheck_period,
  recheck_age,
  recheck_windows,
  recheck_changes,
  push_listening,
  push_messages,
  push_refused,
  push_waiting,
  push_latest,
  push_delay,
  push_changes,
  push_unannounced,
  details_read,
  details_waiting,
  details_failing,
  details_refused,
  details_oldest,
  jobs,
  job_orders,
  job_expected_orders,
  alerts_sent,
  log_events,
};

enum class metric_type { counter, gauge, histogram };

struct metric_info {
  metric id;
  metric_type type = metric_type::gauge;
  std::string_view name;
  std::string_view unit;
  std::vector<std::string_view> labels;
  std::string_view help;  // one line
};

const std::vector<metric_info>& all_metrics();
const metric_info& info_of(metric id);
// "counter", "gauge", "histogram".
std::string_view name(metric_type type) noexcept;

}  // namespace ordersync::service
