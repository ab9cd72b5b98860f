#include "store/reports/read_reports.hpp"

#include "store/coverage/audit_table.hpp"
#include "store/coverage/limits_table.hpp"
#include "store/coverage/proof.hpp"
#include "store/jobs/job_table.hpp"
#include "store/leadership/leadership.hpp"
#include "store/leadership/lease_table.hpp"
#include "store/maintenance/quarantine_kinds.hpp"
#include "store/maintenance/quarantine_table.hpp"
#include "store/push/figures.hpp"
#include "store/recheck/check_table.hpp"
#include "store/reports/api_state_table.hpp"
#include "store/reports/gaps.hpp"
#include "store/reports/problem_table.hpp"
#include "store/reports/server_state.hpp"
#include "store/reports/tier_table.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::reports {
namespace {

// So many of the last reads say what a live window costs.
constexpr int latest_reads = 50;
// The page lists them; more would help nobody.
constexpr int most_kinds = 100;

std::optional<double> live_requests(pg::connection& db, const account_status& account) {
  const auto r =
      db.exec("read what live windows cost",
              fmt::format("SELECT (avg(pages) * 1000)::bigint FROM (SELECT kind, pages FROM ordersync.sweeps "
                          "WHERE account = $1 ORDER BY finished_at DESC LIMIT {}) latest WHERE kind = 'live'",
                          latest_reads),
              {account.account});
  if (r.is_null(0, 0)) return std::nullopt;
  return static_cast<double>(r.integer(0, 0)) / 1000;
}

std::optional<proven_sweep> last_proven(pg::connection& db, const account_status& account) {
  const auto r = db.exec("read last sweep",
                         "SELECT " + values::range_bounds("range") + ", kind, " + values::epoch_ms("finished_at") +
                             " FROM ordersync.sweeps WHERE account = $1 AND scope = $2 AND outcome = 'proven' "
                             "ORDER BY finished_at DESC LIMIT 1",
                         {account.account, account.scope});
  if (r.size() == 0) return std::nullopt;
  return proven_sweep{values::read_window(r, 0, 0), std::string{r.text(0, 2)}, values::read_instant(r, 0, 3)};
}

std::vector<account_status> read_accounts(pg::connection& db, const maintenance::counted_quarantine& quarantine) {
  const auto r =
      db.exec("read accounts",
              "SELECT c.account, c.scope, c.asked, coalesce(o.held, 0) FROM ordersync.coverage c "
              "LEFT JOIN (SELECT account, sum(orders)::bigint AS held FROM ordersync.order_counts GROUP BY account) o "
              "ON o.account = c.account ORDER BY c.account");
  std::vector<account_status> accounts;
  for (int row = 0; row < r.size(); ++row) {
    account_status a;
    a.account = r.text(row, 0);
    a.scope = r.text(row, 1);
    a.asked = r.text(row, 2);
    a.orders = r.integer(row, 3);
    if (const auto at = quarantine.accounts.find(a.account); at != quarantine.accounts.end()) a.quarantine = at->second;
    a.proven = read_proven(db, a.account);
    a.last_proven = last_proven(db, a);
    a.live_requests = live_requests(db, a);
    a.limits = coverage::read_limits(db, a.account);
    a.audited = coverage::read_audit_figures(db, a.account);
    a.push = push::read_figures(db, a.account);
    a.open_contradictions = coverage::count_open_contradictions(db, a.account);
    a.last_contradiction = coverage::read_last_contradiction(db, a.account);
    accounts.push_back(std::move(a));
  }
  return accounts;
}

// Latest first. More than so many would be too many to explain to anybody.
std::vector<failed_read> failed_reads(pg::connection& db, const coverage_report& report) {
  const auto r = db.exec("read failed sweeps",
                         "SELECT " + values::range_bounds("range") + ", reason, " + values::epoch_ms("finished_at") +
                             ", outcome = 'failed' FROM ordersync.sweeps WHERE account = $1 AND scope = $2 "
                             "AND outcome IN ('unproven', 'failed') AND range && $3::tstzrange "
                             "ORDER BY finished_at DESC LIMIT 5000",
                         {report.account, report.scope, values::range_literal(report.range)});
  std::vector<failed_read> reads;
  for (int row = 0; row < r.size(); ++row) {
    reads.push_back(
        {values::read_window(r, row, 0), std::string{r.text(row, 2)}, values::read_instant(r, row, 3), r.flag(row, 4)});
  }
  return reads;
}

}  // namespace

status_report read_status(pg::connection& db) {
  status_report report;
  const auto quarantine = maintenance::count_quarantine(db);
  report.accounts = read_accounts(db, quarantine);
  report.quarantine = quarantine.all;
  report.quarantine_kinds = maintenance::read_largest_kinds(db, most_kinds);
  const auto r = db.exec("read counts",
                         "SELECT (SELECT coalesce(sum(orders), 0)::bigint FROM ordersync.order_counts), "
                         "(SELECT coalesce(sum(order_items), 0)::bigint FROM ordersync.order_counts), "
                         "(SELECT count(*) FROM ordersync.schema_drift), "
                         "(SELECT " +
                             values::epoch_ms("max(created_at)") + " FROM ordersync.orders)");
  report.orders = r.integer(0, 0);
  report.order_items = r.integer(0, 1);
  report.drift_paths = r.integer(0, 2);
  report.newest_order = values::read_optional_instant(r, 0, 3);
  report.drift = maintenance::read_drift(db);
  report.leader = leadership::read_leader(db);
  if (report.leader) {
    report.heartbeat_age =
        std::max(leadership::read_clock(db) - report.leader->heartbeat_at, std::chrono::milliseconds{0});
  }
  report.heartbeat_every = leadership::read_heartbeat_pace(db);
  // What sessions show, an owner says twice a second.
  constexpr std::chrono::seconds patience{6};
  report.owners = leadership::read_owners(db, patience + report.heartbeat_every);
  report.tiers = read_tiers(db);
  report.checks = recheck::read_checks(db);
  report.open_jobs = jobs::read_open_jobs(db);
  report.problems = read_problems(db);
  report.api = read_api_states(db);
  const auto alerts = db.exec("read alert states", "SELECT " + values::epoch_ms("max(greatest(sent_at, ended_at))") +
                                                       " FROM ordersync.alert_states");
  report.last_alert = values::read_optional_instant(alerts, 0, 0);
  report.push_refusals = push::read_refusals(db);
  report.server = read_server_state(db);
  return report;
}

coverage_report read_coverage(pg::connection& db, const std::string& account, const core::window& range) {
  const auto r = db.exec("read scope", "SELECT scope, asked FROM ordersync.coverage WHERE account = $1", {account});
  if (r.size() == 0) {
    throw pg::precondition_failed(
        core::make_error(core::failure::input, "nothing was ever mirrored for account " + account));
  }
  coverage_report report{account, std::string{r.text(0, 0)}, std::string{r.text(0, 1)}, range, {}, {}};
  report.proven = coverage::proven_parts(db, account, range);
  const auto unproven = coverage::unproven_parts(db, account, range);
  if (!unproven.empty()) report.gaps = explain_gaps(unproven, failed_reads(db, report));
  return report;
}

std::vector<read_record> read_recent(pg::connection& db, const std::string& account, core::instant since) {
  const auto r = db.exec("read recent sweeps",
                         "SELECT " + values::range_bounds("proven") + ", " + values::epoch_ms("began") +
                             " FROM (SELECT part AS proven, max(s.started_at) AS began FROM ordersync.sweeps s "
                             "JOIN ordersync.coverage c ON c.account = s.account AND c.scope = s.scope "
                             // Of a proof that was retracted only what stands is left.
                             "CROSS JOIN LATERAL (SELECT s.proven AS part WHERE s.proven <@ c.proven UNION ALL "
                             "SELECT unnest(c.proven * tstzmultirange(s.proven)) WHERE NOT s.proven <@ c.proven) parts "
                             "WHERE s.account = $1 AND s.finished_at >= $2 AND s.proven IS NOT NULL "
                             "GROUP BY part) reads ORDER BY began",
                         {account, core::to_text(since)});
  std::vector<read_record> reads;
  reads.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row)
    reads.push_back({values::read_window(r, row, 0), values::read_instant(r, row, 2)});
  return reads;
}

std::vector<core::window> read_proven(pg::connection& db, const std::string& account) {
  return values::read_windows(db.exec("read proof",
                                      fmt::format("SELECT {} FROM ordersync.coverage, unnest(proven) AS part "
                                                  "WHERE account = $1 ORDER BY part",
                                                  values::range_bounds("part")),
                                      {account}));
}

}  // namespace ordersync::store::reports
